"""What people read in a terminal is what was measured."""

import io
from pathlib import Path

from rich.console import Console

from kiemtin.labels import Label
from kiemtin.manifest import Thresholds
from tests.fixtures.checkout import ROOT
from tests.training.evaluation.conftest import MakeScored
from training.evaluation.bias import bias
from training.evaluation.comparison import compare
from training.evaluation.faithfulness import Faithfulness
from training.evaluation.functional import Capability
from training.evaluation.printing import print_report
from training.evaluation.report import Report
from training.evaluation.robustness import measure_robustness
from training.evaluation.scored import Scored, figures, flagged_shares
from training.evaluation.slice_figures import flagged_slices, measure_slices

GOLDEN = Path("tests/golden/evaluate.txt")


def make_report(scored: Scored, other: Scored | None = None) -> Report:
    """Return a report with something in every part, by made-up scores."""
    other = other or Scored(scored.rows, 1 - scored.scores, ~scored.flags)
    return Report(
        name="compact",
        version="1",
        digest="sha256:1",
        created="2026-11-23",
        code="abc",
        environment={"numpy": "2"},
        data_digest="sha256:0",
        split_version=2,
        rows={"dev": {"reintel": 240, "vihsd": 240}},
        set_aside={"reintel": 0},
        headline={"dev.reintel.unreliable.auc": 0.9, "dev.other_benign.flagged": 0.1},
        splits={"dev": figures(scored)},
        without_diacritics={"dev": figures(other)},
        flagged={"dev": flagged_shares(scored, scored)},
        slices={"dev": measure_slices(scored)},
        protected_slices={"dev": flagged_slices(scored)},
        bias={"dev": bias(scored, scored)},
        functional=[
            Capability(
                name="abusive.insult",
                says="An insult is flagged.",
                labels=(Label.ABUSIVE,),
                expect=True,
                cases=12,
                passed=11,
                failed=["insult-02"],
                abstained=0,
                margin=0.1,
            )
        ],
        robustness={"dev": measure_robustness(scored, {"teencode": other})},
        faithfulness={
            "dev": {
                Label.SPAM: Faithfulness(
                    posts=3, wins=0.5, ties=0.2, fall=0.1, fall_random=0.02
                )
            }
        },
        against={"floor": {"dev": compare(scored, other)}},
        thresholds=dict.fromkeys(
            Label, Thresholds(abstain=0.3, review=0.5, review_urgent=0.9)
        ),
        calibration_losses={x: {"platt": 0.31, "beta": 0.29} for x in Label},
    )


def test_the_tables_are_the_golden_ones(make_scored: MakeScored) -> None:
    """Every table that was asked for is printed, in the order of the report."""
    report = make_report(
        make_scored(noise=0.35, seed=1), make_scored(noise=0.6, seed=2)
    )
    written = io.StringIO()

    print_report(report, Console(file=written, width=120, highlight=False))

    lines = [line.rstrip() for line in written.getvalue().splitlines()]
    assert "\n".join(lines) + "\n" == (ROOT / GOLDEN).read_text(encoding="utf-8")
