"""A run keeps what it was given, what it reached and what computed it."""

import json
import re
import tomllib
from pathlib import Path

import mlflow
import pytest
from matplotlib.figure import Figure
from mlflow.entities import Run
from mlflow.tracking import MlflowClient

from tests.fixtures.checkout import ROOT
from training.errors import StoreError
from training.recipes import TrainRecipe, load_recipe
from training.tracking.runs import tracked_run

# MLflow and its database layer warn of themselves.
pytestmark = pytest.mark.filterwarnings("default")


def _run(store: str, run_id: str) -> Run:
    return MlflowClient(store).get_run(run_id)


def _artifact(store: str, run_id: str, name: str) -> Path:
    return Path(mlflow.artifacts.download_artifacts(
        run_id=run_id, artifact_path=name, tracking_uri=store
    ))  # fmt: skip


def test_recipe_is_kept_as_parameters_and_as_a_file(store: str) -> None:
    """Each key of a recipe is a parameter, and the file reads back as the recipe."""
    recipe = load_recipe("smoke", TrainRecipe)

    with tracked_run("a", store=store) as tracker:
        tracker.recipe(recipe)

    params = _run(store, tracker.run_id).data.params
    assert params["fine_tune.epochs"] == str(recipe.fine_tune.epochs)
    text = _artifact(store, tracker.run_id, "recipe.toml").read_text()
    assert TrainRecipe.model_validate(tomllib.loads(text)) == recipe


def test_metrics_are_kept_by_step(store: str) -> None:
    """Figures of several steps make a curve."""
    with tracked_run("a", store=store) as tracker:
        for step, loss in enumerate([3.0, 2.0, 1.0]):
            tracker.metrics({"loss": loss}, step=step)

    history = MlflowClient(store).get_metric_history(tracker.run_id, "loss")
    assert [(x.step, x.value) for x in history] == [(0, 3.0), (1, 2.0), (2, 1.0)]


def test_large_reports_are_kept(store: str) -> None:
    """More parameters and figures than MLflow takes at once are all kept."""
    with tracked_run("a", store=store) as tracker:
        tracker.params({f"p{i}": i for i in range(150)})
        tracker.metrics({f"test.corpus.m{i}": i / 7 for i in range(1500)})

    found = _run(store, tracker.run_id).data
    assert (len(found.params), len(found.metrics)) == (150, 1500)


def test_code_and_machine_are_kept(store: str) -> None:
    """A run names the commit, the version and every package that computed it."""
    with tracked_run("a", store=store, tags={"sweep": "x"}) as tracker:
        pass

    tags = _run(store, tracker.run_id).data.tags
    assert tags["sweep"] == "x"
    assert tags["kiemtin.version"]
    if (ROOT / ".git").exists():
        assert re.fullmatch(r"[0-9a-f]{40}", tags["git.commit"])
        assert tags["git.dirty"] in {"true", "false"}
    path = _artifact(store, tracker.run_id, "environment.json")
    environment = json.loads(path.read_text())
    assert environment["packages"]["mlflow"] == mlflow.__version__
    assert {"python", "cpu", "gpus"} <= environment.keys()


def test_prepared_set_is_an_input(store: str, tmp_path: Path) -> None:
    """The data of a run is found by its digest; none of its rows is kept."""
    digest = f"sha256:{'ab' * 32}"

    with tracked_run("a", store=store) as tracker:
        tracker.prepared(tmp_path, digest)

    run = _run(store, tracker.run_id)
    assert run.inputs is not None
    (found,) = run.inputs.dataset_inputs
    assert digest.removeprefix("sha256:").startswith(found.dataset.digest)
    assert run.data.tags["data.digest"] == digest
    assert found.dataset.profile is None


def test_files_are_kept(store: str, tmp_path: Path) -> None:
    """Plots, texts, objects, files and folders are kept under their names."""
    (tmp_path / "made").mkdir()
    (tmp_path / "made/x.txt").write_text("tiếng Việt")

    with tracked_run("a", store=store) as tracker:
        tracker.figure(Figure(), "plots/abusive.png")
        tracker.text("tiếng Việt", "note.txt")
        tracker.json({"chữ": 1}, "some.json")
        tracker.file(tmp_path / "made/x.txt", "files")
        tracker.folder(tmp_path / "made", "folder")

    root = _artifact(store, tracker.run_id, "")
    assert (root / "plots/abusive.png").read_bytes().startswith(b"\x89PNG")
    assert (root / "note.txt").read_text() == "tiếng Việt"
    assert json.loads((root / "some.json").read_text()) == {"chữ": 1}
    assert (root / "files/x.txt").is_file()
    assert (root / "folder/x.txt").is_file()


def test_parts_of_a_run_hang_below_it(store: str) -> None:
    """A nested run knows its parent, and each keeps what was said to it."""
    with (
        tracked_run("sweep", store=store) as outer,
        tracked_run("trial", store=store, nested=True) as inner,
    ):
        inner.metrics({"loss": 1.0})
        outer.metrics({"trials": 1.0})

    trial, sweep = _run(store, inner.run_id), _run(store, outer.run_id)
    assert trial.data.tags["mlflow.parentRunId"] == outer.run_id
    assert trial.data.metrics == {"loss": 1.0}
    assert sweep.data.metrics == {"trials": 1.0}


@pytest.mark.parametrize(
    ("error", "status"), [(ValueError, "FAILED"), (KeyboardInterrupt, "KILLED")]
)
def test_broken_run_says_so(
    store: str, error: type[BaseException], status: str
) -> None:
    """A run that ends in an error is kept as such, and the error goes on."""
    with pytest.raises(error), tracked_run("a", store=store) as tracker:
        raise error

    assert _run(store, tracker.run_id).info.status == status


def test_refused_value_fails_in_our_words(store: str) -> None:
    """What MLflow refuses while a run goes on is an error of ours with its reason."""
    with tracked_run("a", store=store) as tracker:
        tracker.params({"note": "one"})

        with pytest.raises(StoreError, match="note"):
            tracker.params({"note": "another"})


def test_missing_store_ends_before_the_work_begins(tmp_path: Path) -> None:
    """Nothing is computed for a store that is not there."""
    began = False
    (tmp_path / "file").touch()

    with (
        pytest.raises(StoreError),
        tracked_run("a", store=f"sqlite:///{tmp_path}/file/x.db"),
    ):
        began = True

    assert not began


def test_where_others_track_stays_as_it_was(store: str, tmp_path: Path) -> None:
    """A run of ours leaves no setting of MLflow behind."""
    before = mlflow.get_tracking_uri()

    with tracked_run("a", store=store):
        pass

    assert mlflow.get_tracking_uri() == before
    assert mlflow.active_run() is None
