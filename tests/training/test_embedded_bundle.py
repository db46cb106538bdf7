"""The bundle that comes with the package is what its report says."""

import json
from pathlib import Path

import onnx
import pytest

from kiemtin.bundles import COMPACT
from kiemtin.goldens import check_goldens, read_goldens
from kiemtin.manifest import MODEL_FILE, REPORT_FILE
from kiemtin.schemas import Item
from kiemtin.scoring import Scorer
from kiemtin.text.syllables import strip_marks
from tests.fixtures.checkout import ROOT
from training.evaluation.report import Report
from training.evaluation.scored import figures, score_rows
from training.recipes import TrainRecipe, load_recipe
from training.rows import load_pool
from training.splits import Split

FLOORS = {
    ("reintel", "unreliable.auc"): 0.92,
    ("vihsd", "abusive.auc"): 0.92,
    ("vihsd", "three_classes.macro_f1"): 0.62,
    ("vispamreviews", "spam.auc"): 0.90,
    ("ie403_smishing", "scam.macro_f1"): 0.93,
}
"""What the dev split must reach."""


@pytest.fixture(scope="module")
def report() -> Report:
    """The report of the embedded bundle."""
    return Report.model_validate_json((COMPACT / REPORT_FILE).read_bytes())


def test_it_is_small_and_int8() -> None:
    """It fits into 40 MB, and its large tables are of int8."""
    size = sum(p.stat().st_size for p in COMPACT.iterdir())
    tables = onnx.load(COMPACT / MODEL_FILE).graph.initializer
    large = [t for t in tables if len(t.raw_data) > 200_000]

    assert size < 40_000_000
    assert sum(t.data_type == onnx.TensorProto.FLOAT for t in large) <= 5
    assert {onnx.TensorProto.INT8, onnx.TensorProto.UINT8} & {
        t.data_type for t in large
    }


def test_goldens_hold() -> None:
    """On this machine it scores as on the one where it was exported."""
    assert check_goldens(Scorer.load(COMPACT), read_goldens(COMPACT)) <= 0.02


@pytest.mark.parametrize(("corpus", "name"), FLOORS)
def test_figures_reach_the_floors(report: Report, corpus: str, name: str) -> None:
    """What was measured on the dev split is at least what we promise."""
    assert report.figure("dev", corpus, name).value >= FLOORS[corpus, name]


def test_protected_speech_is_spared(report: Report) -> None:
    """At the shipped thresholds all labels together flag at most 8 % of either half."""
    shares = [report.flagged[x]["protected_speech"] for x in ("dev", "test")]

    assert all(x["any.flagged"].value <= 0.08 for x in shares)


@pytest.mark.slow
def test_report_is_true(report: Report, prepared_published: Path) -> None:
    """Measured again, every figure comes out the same."""
    recipe = load_recipe("compact-again", TrainRecipe)
    pool = load_pool(prepared_published, recipe.corpora)
    assert pool.digest == report.data_digest
    corpora = {c for c, _ in FLOORS}
    rows = [r for r in pool.rows[Split.DEV] if r.corpus in corpora]

    found = figures(score_rows(Scorer.load(COMPACT, threads=2), rows))

    for corpus, name in FLOORS:
        promised = report.figure("dev", corpus, name).value
        assert found[corpus][name].value == pytest.approx(promised, abs=0.01)


def test_recipe_in_the_bundle_is_the_one_that_we_ship() -> None:
    """Training by the recipe of this checkout would make this bundle."""
    shipped = load_recipe("compact-again", TrainRecipe)
    found = load_recipe(str(COMPACT / "recipe.toml"), TrainRecipe)

    assert found.model_copy(update={"encoder": shipped.encoder}) == shipped


def test_report_is_plain_json(report: Report) -> None:
    """Whoever reads the report needs no code of ours."""
    raw = json.loads((Path(COMPACT) / REPORT_FILE).read_text())

    assert raw["headline"] == report.headline


def test_few_harmless_phrases_are_flagged() -> None:
    """Names and dishes pass with their marks; without them most still do."""
    phrases = (ROOT / "tests/fixtures/harmless.txt").read_text().splitlines()
    scorer = Scorer.load(COMPACT)

    def n_flagged(texts: list[str]) -> int:
        return sum(any(scorer.score(Item("", t)).flagged.values()) for t in texts)

    assert n_flagged(phrases) <= 0.2 * len(phrases)
    assert n_flagged([strip_marks(p) for p in phrases]) <= 0.4 * len(phrases)
