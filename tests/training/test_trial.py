"""What a trial finds on dev is what the bundle made of it will say."""

from pathlib import Path

import numpy as np
import pytest

from kiemtin.bundle import bundle_digest, read_manifest
from kiemtin.labels import Label
from kiemtin.manifest import TOKENIZER_FILE, Mixing
from kiemtin.scoring import Scorer
from kiemtin.text import Encoder, WindowSpec
from kiemtin.text.segment import load_segmenter
from kiemtin.wide import read_wide
from tests.fixtures.trained import small_trained
from tests.fixtures.wide_rows import KINDS, row_of, wide_recipe, wide_rows
from training import trial
from training.evaluation.metrics import auc
from training.evaluation.scored import Scored, score_rows
from training.exporting.bundling import write_manifest
from training.exporting.judging import TorchNetwork
from training.exporting.trained import Trained, keep_trained, read_trained
from training.finetuning.pooling import WindowPooling
from training.finetuning.run import Tuned
from training.recipes import TrainRecipe
from training.rows import Pool
from training.splits import Split
from training.trial import Trial, run_trial

WIDE = {
    "bits": 12,
    "least_rows": 20,
    "absent_below": {"spam": 0.3, "abusive": 1},
}
ASSUMED = [
    {"label": "spam", "corpora": ["reintel", "victsd"], "weight": 0.5},
    {"label": "abusive", "corpora": ["reintel"], "weight": 0.5},
]
LONG, EMPTY = " nhà phố chợ" * 90, "\u200b \u200b"
ODD = [row_of("victsd", 900, "đồ dốt" + LONG), row_of("victsd", 901, EMPTY)]
POOL = Pool(
    {
        Split.TRAIN: wide_rows(),
        Split.DEV: [*wide_rows(40, seed=2), *ODD],
        Split.TEST: [],
        Split.PROTECTED_DEV: [row_of("protected_speech", 0, "xã giải quyết chậm")],
        Split.PROTECTED_TEST: [],
    },
    digest="sha256:1",
    split_version=1,
    set_aside={},
    left_out={},
)


@pytest.fixture(scope="module")
def untaught(tmp_path_factory: pytest.TempPathFactory) -> Trained:
    """A network that tells nothing apart, and its tokenizer."""
    return small_trained(tmp_path_factory.mktemp("untaught"))


@pytest.fixture(params=[False, True], ids=["network alone", "wide"])
def recipe(request: pytest.FixtureRequest) -> TrainRecipe:
    """One without a wide part, and one with it."""
    if not request.param:
        return wide_recipe().model_copy(update={"wide": None})
    return wide_recipe(wide=WIDE, assumed_negative=ASSUMED)


@pytest.fixture
def found(
    recipe: TrainRecipe,
    untaught: Trained,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Trial:
    """The trial of *recipe*, by which nothing but the wide part is learnt."""
    window = WindowSpec(recipe.window.tokens, recipe.window.overlap, recipe.window.most)
    pooling = WindowPooling(recipe.pooling)
    tuned = Tuned(untaught.network, pooling, untaught.tokenizer, window, [])
    monkeypatch.setattr(trial, "fine_tune", lambda *_, **__: tuned)
    return run_trial(recipe, POOL, tmp_path, work=tmp_path, report=lambda *_: None)


def _served(recipe: TrainRecipe, found: Trial, folder: Path) -> Scored:
    """Return what a bundle says of dev, kept and read, but for its graph."""
    kept = Trained(
        found.tuned.model,
        found.tuned.tokenizer,
        recipe,
        found.calibration,
        found.thresholds,
        wide=found.wide,
    )
    keep_trained(kept, folder / "kept")
    trained, bundle = read_trained(folder / "kept"), folder / "bundle"
    bundle.mkdir()
    write_manifest(bundle, trained, variant="fp32")
    manifest = read_manifest(bundle)
    scorer = Scorer(
        manifest,
        bundle_digest(bundle),
        load_segmenter("none", ""),
        Encoder.from_file(bundle / TOKENIZER_FILE, found.tuned.window),
        TorchNetwork(trained.network),
        read_wide(bundle, manifest),
    )
    return score_rows(scorer, POOL.rows[Split.DEV])


def test_dev_is_scored_as_by_the_bundle(
    recipe: TrainRecipe, found: Trial, tmp_path: Path
) -> None:
    """Scores by which thresholds are chosen are those to which they will be applied."""
    served = _served(recipe, found, tmp_path)

    assert found.dev.rows == served.rows == POOL.rows[Split.DEV][:-1]
    assert found.dev.scores == pytest.approx(served.scores, abs=2e-4)
    differ = found.dev.flags != served.flags
    reviews = np.array([found.thresholds[x].review for x in Label])
    assert (np.abs(served.scores - reviews)[differ] < 3e-4).all()


@pytest.mark.parametrize("recipe", [True], indirect=True)
def test_wide_part_tells_what_the_network_does_not(found: Trial) -> None:
    """It is mixed in for labels that it has experts for, and dev is told apart by it."""
    assert found.wide is not None
    alone = Mixing(network=1, wide=0)
    known = {kind.label for kind in KINDS.values()}

    assert {x for x, m in found.wide.spec.mixing.items() if m != alone} == known
    for label in known:
        dev = found.dev.knowing(label)
        assert found.wide.spec.mixing[label].wide > 0.5
        assert auc(dev.truth(label), dev.score(label)) > 0.98


@pytest.mark.parametrize("recipe", [False], indirect=True)
def test_without_one_the_network_speaks_alone(found: Trial) -> None:
    """A recipe that asks for no wide part gets none."""
    assert found.wide is None
