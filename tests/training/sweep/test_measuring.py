"""What a variant is judged by comes from dev, and never from test."""

from pathlib import Path

import pytest

from tests.fixtures.tiny_bundle import write_tiny_bundle
from training.preparation.load import read_rows
from training.recipes import TrainRecipe, load_recipe
from training.splits import Split
from training.sweep.measuring import DevRows, load_dev, measure

RECIPE = load_recipe("smoke", TrainRecipe).model_copy(update={"max_rows": 1})


@pytest.fixture
def rows(prepared: Path) -> DevRows:
    """The dev rows of the small corpora."""
    return load_dev(prepared, RECIPE)


def test_rows_are_all_of_dev(prepared: Path, rows: DevRows) -> None:
    """A rehearsal on few rows is judged on all; test rows are not even read."""
    dev = {r.key for r in read_rows(prepared, Split.DEV, corpora=RECIPE.corpora)}
    protected = {r.key for r in read_rows(prepared, Split.PROTECTED_DEV)}

    assert {r.key for r in rows.dev} == dev
    assert {r.key for r in rows.protected} == protected
    assert len(dev) > len(RECIPE.corpora)


def test_figures_have_names(rows: DevRows, tmp_path: Path) -> None:
    """Corpora and labels, means over them, what is flagged, and the bias of labels."""
    found = measure(write_tiny_bundle(tmp_path), rows).figures

    aucs = [v for k, v in found.items() if k.count(".") == 2 and k.endswith(".auc")]
    assert found["mean.auc"] == pytest.approx(sum(aucs) / len(aucs), abs=1e-4)
    assert {"vihsd.abusive.auc", "protected.flagged", "protected.at_a_tenth"} <= set(
        found
    )
    assert all(0 <= v <= 1 for k, v in found.items() if k != "protected.ratio")
    if "protected.ratio" in found:
        ratio = found["protected.flagged"] / found["others.flagged"]
        assert found["protected.ratio"] == pytest.approx(ratio, abs=1e-3)
