"""A sweep trains what is not there, measures on dev and goes on where it was stopped."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
import tomli_w
from mlflow.tracking import MlflowClient

from kiemtin.bundle import file_sha256
from kiemtin.manifest import FILES, MANIFEST_FILE, RECIPE_FILE, REPORT_FILE
from tests.fixtures.tiny_bundle import write_tiny_bundle
from training.errors import DivergedError, PreparedError, RecipeError
from training.preparation.manifest import read_manifest
from training.recipes import TrainRecipe, parse_recipe
from training.splits import Split
from training.sweep.recipe import SweepRecipe
from training.sweep.run import SUMMARY_FILE, TABLE_FILE, run_sweep
from training.sweep.summary import Summary
from training.tracking.runs import tracked_run

pytestmark = pytest.mark.filterwarnings("default")  # MLflow warns of itself

SWEEP = parse_recipe(
    {
        "name": "strict",
        "base": "smoke",
        "variant": [
            {"name": "loose", "set": {"thresholds": {"precision": 0.01}}},
            {"name": "strict"},
        ],
        "choose": {"figure": "protected.flagged", "best": "lowest"},
    },
    SweepRecipe,
    name="strict",
)


class Trainer:
    """Trains nothing: writes a real bundle whose thresholds are the recipe's precision."""

    def __init__(self) -> None:
        self.trained: list[str] = []
        self.fails_at = ""
        self.allowed: list[tuple[bool | Split, ...]] = []

    def __call__(
        self,
        recipe: TrainRecipe,
        *,
        data: Path,
        encoder: Path,
        out: Path,
        store: str,
        register: bool,
        splits: Sequence[Split],
        nested: bool,
    ) -> Path:
        """Write the bundle, tracked as the real one is."""
        if recipe.name == self.fails_at:
            msg = "the loss is nan at step 1"
            raise DivergedError(msg)
        self.allowed.append((register, *splits))
        self.trained.append(f"{recipe.name} from {encoder}")
        out.mkdir(parents=True, exist_ok=True)
        write_tiny_bundle(out)
        with tracked_run(recipe.name, store=store, nested=nested):
            values = recipe.model_dump(mode="json", exclude_none=True)
            (out / RECIPE_FILE).write_text(tomli_w.dumps(values))
            report = {"data_digest": read_manifest(data).digest}
            (out / REPORT_FILE).write_text(json.dumps(report))
        path = out / MANIFEST_FILE
        manifest = json.loads(path.read_text())
        manifest["sha256"] = {n: file_sha256(out / n) for n in FILES}
        for thresholds in manifest["thresholds"].values():
            thresholds["review"] = recipe.thresholds.precision
        path.write_text(json.dumps(manifest))
        return out


Sweeping = Callable[..., Summary]


@pytest.fixture
def trainer() -> Trainer:
    """A trainer that counts."""
    return Trainer()


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A store for all tests: to make one takes long."""
    return f"sqlite:///{tmp_path_factory.mktemp('store') / 'mlflow.db'}"


@pytest.fixture
def sweeping(trainer: Trainer, prepared: Path, store: str, tmp_path: Path) -> Sweeping:
    """Run a sweep in the folder of the test."""

    def run(
        sweep: SweepRecipe = SWEEP, data: Path = prepared, *, fresh: bool = False
    ) -> Summary:
        return run_sweep(
            sweep,
            train=trainer,
            data=data,
            encoder_of=lambda recipe: Path(recipe.encoder),
            out=tmp_path / "out",
            store=store,
            fresh=fresh,
        )

    return run


def test_every_variant_is_trained_and_measured(
    sweeping: Sweeping, trainer: Trainer, tmp_path: Path
) -> None:
    """The summary has all of them, on disk as it was returned, and a winner by the rule."""
    summary = sweeping()

    assert trainer.trained == [
        "strict-loose from pretrain-smoke",
        "strict-strict from pretrain-smoke",
    ]
    loose, strict = summary.outcomes
    assert loose.figures["others.flagged"] > strict.figures["others.flagged"]
    assert loose.figures["mean.auc"] == strict.figures["mean.auc"]
    assert summary.chosen == "strict"
    written = (tmp_path / "out" / SUMMARY_FILE).read_text()
    assert Summary.model_validate_json(written) == summary
    assert (
        "| figure | loose | strict * |" in (tmp_path / "out" / TABLE_FILE).read_text()
    )


def test_runs_of_variants_are_below_that_of_the_sweep(
    sweeping: Sweeping, store: str
) -> None:
    """MLflow shows the sweep with its variants, its figures and its winner."""
    sweeping()
    client = MlflowClient(store)
    experiment = client.get_experiment_by_name("kiemtin")
    assert experiment

    latest = client.search_runs([experiment.experiment_id])[:3]
    runs = {r.info.run_name: r for r in latest}
    parent = runs.pop("sweep-strict")

    assert set(runs) == {"strict-loose", "strict-strict"}
    assert {r.data.tags["mlflow.parentRunId"] for r in runs.values()} == {
        parent.info.run_id
    }
    assert parent.data.tags["chosen"] == "strict"
    assert "strict.mean.auc" in parent.data.metrics


def test_a_stopped_sweep_goes_on(sweeping: Sweeping, trainer: Trainer) -> None:
    """What is there is not made again, and is compared as if it were."""
    trainer.fails_at = "strict-strict"
    with pytest.raises(DivergedError):
        sweeping()
    trainer.fails_at = ""

    summary = sweeping()

    assert len(trainer.trained) == 2
    assert len(summary.outcomes) == 2


def test_another_recipe_is_trained_anew(sweeping: Sweeping, trainer: Trainer) -> None:
    """A bundle of the same name that something else made is no substitute."""
    sweeping()
    changed = SWEEP.model_copy(update={"set": {"fine_tune": {"epochs": 9}}})

    sweeping(changed)

    assert len(trainer.trained) == 4


def test_all_is_trained_anew_on_demand(sweeping: Sweeping, trainer: Trainer) -> None:
    """Who has changed the encoder says so, as no recipe shows it."""
    sweeping()
    sweeping(fresh=True)

    assert len(trainer.trained) == 4


def test_variants_never_see_test(sweeping: Sweeping, trainer: Trainer) -> None:
    """Nothing but dev is measured, and nobody becomes a challenger by a sweep."""
    sweeping()

    assert trainer.allowed == [(False, Split.DEV)] * 2


def test_a_slip_stops_before_anything_is_trained(
    sweeping: Sweeping, trainer: Trainer
) -> None:
    """The last variant is checked before the first is trained."""
    last = SWEEP.variants[1].model_copy(update={"set": {"no_such_key": 1}})
    with pytest.raises(RecipeError, match="no_such_key"):
        sweeping(SWEEP.model_copy(update={"variants": (SWEEP.variants[0], last)}))

    assert trainer.trained == []


def test_rows_must_be_prepared(sweeping: Sweeping, tmp_path: Path) -> None:
    """Without a prepared set nothing starts."""
    with pytest.raises(PreparedError):
        sweeping(data=tmp_path / "nowhere")
