"""The table of a dry run is what people decide by, so it changes only on purpose."""

import io
import os
from pathlib import Path

from rich.console import Console

from kiemtin.labels import Label
from kiemtin.manifest import Thresholds
from tests.fixtures.judged import SECTION, a_pool
from training.calibrating.dry_run import DryRun
from training.calibrating.evidence import benign_rows
from training.calibrating.outcome import foresee
from training.calibrating.rules import RULES
from training.calibrating.tables import WIDTH, print_dry_run
from training.calibrating.thresholds import choose

GOLDEN = Path(__file__).parents[2] / "golden/thresholds.txt"
UPDATE = "KIEMTIN_UPDATE_GOLDENS"
PRESENT = dict.fromkeys(Label, Thresholds(review=0.5, review_urgent=0.9))


def test_the_table_is_the_committed_one() -> None:
    """Every rule stands beside the present thresholds, label by label, and in all."""
    evidence = a_pool(4)
    section = SECTION.model_copy(
        update={"protected_flagged": 0.5, "protected_ratio": 5}
    )
    choices = [foresee("present", PRESENT, evidence, 10_000)]
    for rule in RULES:
        chosen = choose(evidence, section.model_copy(update={"rule": rule}))
        choices.append(foresee(rule, chosen, evidence, 10_000))
    found = DryRun(
        bundle="sha256:0",
        data_digest="sha256:1",
        asked=section.model_dump(),
        dev_rows=len(evidence.dev.rows),
        positive_rows=1,
        protected_rows=len(evidence.protected.rows),
        benign_rows=len(benign_rows(evidence.dev)),
        traffic_posts=1_500,
        traffic_refused=3,
        posts_a_day=10_000,
        choices=choices,
        notices=["What these figures are not."],
    )
    out = io.StringIO()

    print_dry_run(found, Console(file=out, width=WIDTH, highlight=False))

    got = "\n".join(x.rstrip() for x in out.getvalue().splitlines()) + "\n"
    if os.environ.get(UPDATE):
        GOLDEN.write_text(got, encoding="utf-8")
    assert got == GOLDEN.read_text(encoding="utf-8"), (
        f"the table changed: if that is meant, run {UPDATE}=1 pytest "
        f"{Path(__file__).name} and commit {GOLDEN.name}"
    )
