"""The evidence is measured on rows that are the same for both, and frozen."""

import json
from pathlib import Path

import pytest

from kiemtin.manifest import MANIFEST_FILE
from tests.fixtures.bundle_variants import write_variant
from training.preparation.manifest import read_manifest
from training.promotion.evidence import Evidence
from training.promotion.measuring import gather

# Of a corpus of a dozen rows some figures are none.
pytestmark = pytest.mark.filterwarnings("default")


def _gather(
    challenger: Path, data: Path, tmp_path: Path, champion: Path | None = None
) -> Evidence:
    return gather(
        ("2", challenger),
        ("1", champion) if champion else None,
        data,
        floors=tmp_path / "floors",
        least_rows=30,
    )


def test_rows_are_those_of_either_recipe(
    bundle: Path, prepared: Path, tmp_path: Path
) -> None:
    """Corpora that only the champion learnt from are measured, too, in their order."""
    one = write_variant(bundle, tmp_path / "1", recipe='corpora = ["vispamreviews"]')
    two = write_variant(bundle, tmp_path / "2", recipe='corpora = ["vihsd", "no"]')

    found = _gather(two, prepared, tmp_path, champion=one)

    assert found.corpora == ("vihsd", "vispamreviews")
    assert found.data_digest == read_manifest(prepared).digest


def test_bundle_that_names_no_corpora_is_measured_on_all(
    bundle: Path, prepared: Path, tmp_path: Path
) -> None:
    """Where no recipe says what was learnt, every prepared corpus counts."""
    found = _gather(bundle, prepared, tmp_path)

    assert found.corpora == read_manifest(prepared).rules.corpora


def test_same_model_twice_is_no_gap(bundle: Path, larger: Path, tmp_path: Path) -> None:
    """All slices and labels of a model against itself are without any difference."""
    found = _gather(bundle, larger, tmp_path, champion=bundle)

    assert found.overall is not None
    assert {"political", "label.spam", "corpus.vihsd"} & found.slices.keys()
    gaps = [found.overall, *found.slices.values()]
    assert {(g.difference, g.p_worse) for g in gaps} == {(0.0, 1.0)}


def test_promise_that_is_broken_is_told(
    bundle: Path, prepared: Path, tmp_path: Path
) -> None:
    """A golden that gets another score does not hide what else is measured."""
    variant = write_variant(bundle, tmp_path / "2")
    manifest = json.loads((variant / MANIFEST_FILE).read_text())
    manifest["calibration"]["scam"]["intercept"] = 9
    (variant / MANIFEST_FILE).write_text(json.dumps(manifest))

    found = _gather(variant, prepared, tmp_path, champion=bundle).challenger

    assert found.unproven.startswith("golden ")
    assert found.protected.rows > 0


@pytest.mark.parametrize(
    ("export", "unproven"),
    [
        ({}, ""),
        ({"attempts": [{"refused": "lost much"}, {"refused": ""}]}, ""),
        ({"attempts": [{"refused": "lost much"}]}, "refused: lost much"),
        ({"golden_change": 0.001}, ""),
        ({"golden_change": 0.5}, "changed a golden by 0.5"),
    ],
)
def test_export_that_lost_much_is_told(
    bundle: Path,
    prepared: Path,
    tmp_path: Path,
    export: dict[str, object],
    unproven: str,
) -> None:
    """What the report of a bundle says of its export is held against its limits."""
    variant = write_variant(bundle, tmp_path / "2", report={"export": export})

    found = _gather(variant, prepared, tmp_path, champion=bundle).challenger.unproven

    assert unproven in found
    assert bool(unproven) is bool(found)
