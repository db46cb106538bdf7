"""A bundle is measured on prepared rows, in every way that was asked for."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from kiemtin.manifest import REPORT_FILE
from training.errors import RecipeError
from training.evaluation.examination import (
    FLOOR,
    PAGE_FILE,
    Wanted,
    evaluate,
    write_report,
)
from training.evaluation.report import Report
from training.evaluation.scores import Scores
from training.splits import Split

Measured = tuple[Report, Scores]


@pytest.fixture(scope="module")
def measured(
    bundle: Path, prepared: Path, tmp_path_factory: pytest.TempPathFactory
) -> Measured:
    """Everything there is to measure, on both splits."""
    wanted = Wanted(
        corpora=("vihsd", "ie403_smishing"),
        perturbations=("teencode",),
        reasons=True,
        floor=tmp_path_factory.mktemp("floor"),
        against=bundle,
    )
    return evaluate(bundle, prepared, wanted)


def test_both_splits_have_every_part(measured: Measured) -> None:
    """What was asked for is measured on dev and on test."""
    report, _ = measured

    parts: list[Mapping[str, object]] = [
        report.splits,
        report.without_diacritics,
        report.flagged,
        report.slices,
        report.protected_slices,
        report.bias,
        report.robustness,
        report.faithfulness,
        *report.against.values(),
    ]
    for part in parts:
        assert list(part) == ["dev", "test"]
    assert report.functional
    assert report.digest.startswith("sha256:")
    assert report.data_digest.startswith("sha256:")


def test_it_is_no_further_from_itself(measured: Measured, bundle: Path) -> None:
    """Held against the same bundle it differs in nothing; the floor is another model."""
    report, scores = measured
    manifest = scores.scorer.manifest

    itself = report.against[f"{manifest.name} {manifest.version}"]["test"]
    assert itself
    assert all(d.difference == 0 for d in itself)
    assert any(d.difference != 0 for d in report.against[FLOOR]["test"])


def test_figures_come_with_intervals(measured: Measured) -> None:
    """Each figure has its interval and the number of its rows."""
    figure = measured[0].figure("test", "vihsd", "abusive.auc")

    assert figure.low <= figure.value <= figure.high
    assert figure.rows == measured[0].rows["test"]["vihsd"]


def test_protected_speech_and_texts_of_corpora_stay_out(
    measured: Measured, tmp_path: Path
) -> None:
    """Neither the page nor the figures hold a row of any corpus."""
    report, scores = measured

    page = write_report(report, scores, tmp_path / "made" / "here")

    assert page.name == PAGE_FILE
    written = page.read_text() + (page.parent / REPORT_FILE).read_text()
    for split in (Split.DEV, Split.TEST, Split.PROTECTED_DEV, Split.PROTECTED_TEST):
        assert not [r for r in scores.pool.rows[split] if r.text in written]


def test_what_is_written_is_read_again(measured: Measured, tmp_path: Path) -> None:
    """The report on disk is the one that was made."""
    report, scores = measured
    write_report(report, scores, tmp_path)

    read = Report.model_validate_json((tmp_path / REPORT_FILE).read_bytes())

    assert read == report


def test_a_bundle_that_names_no_corpora_says_so(bundle: Path, prepared: Path) -> None:
    """Where neither the call nor the bundle names corpora, the error says how to."""
    with pytest.raises(RecipeError, match="--corpus"):
        evaluate(bundle, prepared, Wanted())
