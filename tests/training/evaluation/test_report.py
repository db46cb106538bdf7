"""A report holds what was measured, and older ones are still read."""

import pytest

from kiemtin.bundles import COMPACT
from kiemtin.labels import Label
from kiemtin.manifest import REPORT_FILE, Thresholds
from training.evaluation.bias import BiasFigures
from training.evaluation.functional import Capability
from training.evaluation.metrics import Figure
from training.evaluation.report import HEADLINES, Report, headline
from training.evaluation.scored import Scored, figures, flagged_shares


@pytest.fixture
def report(scored: Scored) -> Report:
    """A report with something in most of its parts."""
    figure = Figure(value=0.25, low=0.1, high=0.4, rows=8)
    return Report(
        name="compact",
        version="1",
        created="2026-11-23",
        code="abc",
        environment={},
        data_digest="sha256:0",
        split_version=2,
        rows={},
        set_aside={},
        headline={},
        splits={"dev": figures(scored)},
        without_diacritics={},
        flagged={"dev": flagged_shares(scored, scored)},
        bias={"dev": {Label.HATE: BiasFigures(political=8, bpsn_auc=figure)}},
        functional=[
            Capability(
                name="abusive.insult",
                says="An insult is flagged.",
                labels=(Label.ABUSIVE,),
                expect=True,
                cases=4,
                passed=3,
                failed=["insult-02"],
                abstained=0,
                margin=0.1,
            )
        ],
        thresholds=dict.fromkeys(Label, Thresholds(review=0.5, review_urgent=0.9)),
    )


def test_an_old_report_is_still_read() -> None:
    """What the embedded bundle was measured by had fewer parts, and they are empty."""
    found = Report.model_validate_json((COMPACT / REPORT_FILE).read_bytes())

    assert found.name == "compact"
    assert found.figure("dev", "reintel", "unreliable.auc").rows > 300
    assert found.flat()


def test_it_is_the_same_when_read_again(report: Report) -> None:
    """Written as JSON and read, nothing of it is lost."""
    assert Report.model_validate_json(report.model_dump_json()) == report


def test_a_tracker_gets_every_whole_figure(report: Report) -> None:
    """Names say split, corpus and figure; what was not measured has no name."""
    flat = report.flat()

    assert (
        flat["dev.vihsd.abusive.auc"]
        == report.figure("dev", "vihsd", "abusive.auc").value
    )
    assert flat["functional.abusive.insult"] == flat["functional"] == 0.75
    assert flat["bias.dev.hate.bpsn_auc"] == 0.25
    assert "bias.dev.hate.subgroup_auc" not in flat
    assert "flagged.dev.protected_speech.any.flagged" in flat


def test_names_are_taken_by_any_tracker(report: Report) -> None:
    """They hold nothing but letters, digits, underscores and dots."""
    assert all(n.replace("_", "").replace(".", "").isalnum() for n in report.flat())


def test_headlines_are_of_the_last_split(report: Report) -> None:
    """If test was measured it is what stands first, else dev."""
    twice = {"dev": report.splits["dev"], "test": report.splits["dev"]}
    shares = {"dev": report.flagged["dev"], "test": report.flagged["dev"]}

    assert set(headline(twice, shares, ["dev", "test"])) == {
        *(f"test.{c}.{n}" for c, n in HEADLINES if n in twice["dev"].get(c, {})),
        "test.protected_speech.flagged",
        "test.other_benign.flagged",
    }
    assert all(n.startswith("dev.") for n in headline(twice, shares, ["dev"]))
