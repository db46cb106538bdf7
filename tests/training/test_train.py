"""From corpora to a bundle that scores, by the smoke recipe."""

import json
import tomllib
from pathlib import Path

import pytest
from mlflow.tracking import MlflowClient

from kiemtin.bundle import bundle_digest, read_manifest
from kiemtin.goldens import check_goldens, read_goldens
from kiemtin.labels import Label
from kiemtin.manifest import FILES, MANIFEST_FILE, WIDE_FILE
from kiemtin.schemas import Item
from kiemtin.scoring import Scorer
from training.errors import PreparedError, StoreError
from training.evaluation.scored import score_rows
from training.exporting.trained import read_trained
from training.recipes import TrainRecipe, load_recipe, parse_recipe, read_values
from training.rows import load_pool
from training.splits import Split
from training.train import NETWORK, train, work_of
from training.trial import run_trial

pytestmark = [
    pytest.mark.slow,
    # MLflow, its database layer and torch warn of themselves.
    pytest.mark.filterwarnings("default"),
]


def _recipe() -> TrainRecipe:
    """Return one of six epochs with a wide part, whose graph stays in full precision."""
    values = read_values("smoke")
    values["fine_tune"]["epochs"] = 6
    values["export"] = {"variant": "fp32"}
    values["wide"] = {"bits": 14, "least_rows": 20, "absent_below": {"scam": 0.3}}
    assumed = {"label": "scam", "corpora": ["reintel", "vihsd"], "weight": 0.2}
    values["assumed_negative"] = [assumed]
    return parse_recipe(values, TrainRecipe, name="longer")


@pytest.fixture(scope="module")
def folders(
    prepared: Path, encoder_folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, str]:
    """A bundle made by a longer smoke recipe, and the store that tracked it."""
    root = tmp_path_factory.mktemp("train")
    store = f"sqlite:///{root / 'mlflow.db'}"
    out = train(
        _recipe(),
        data=prepared,
        encoder=encoder_folder,
        out=root / "bundle",
        store=store,
        register=True,
    )
    return out, store


def test_bundle_is_whole(folders: tuple[Path, str]) -> None:
    """The bundle holds its files and nothing else, and its goldens hold."""
    folder, _ = folders

    assert {p.name for p in folder.iterdir()} == {MANIFEST_FILE, WIDE_FILE, *FILES}
    assert check_goldens(Scorer.load(folder), read_goldens(folder)) <= 0.02


def test_bundle_has_learned(folders: tuple[Path, str]) -> None:
    """Even a tiny model on made-up words tells a scam from a greeting."""
    scorer = Scorer.load(folders[0])

    scam = scorer.score(Item("a", "trúng thưởng chuyển khoản nộp phí nhận giải ngay"))
    clean = scorer.score(Item("b", "hôm nay trời đẹp quá cả nhà đi chơi ăn kem"))

    assert scam.scores[Label.SCAM] > clean.scores[Label.SCAM]


def test_report_says_what_was_measured(folders: tuple[Path, str]) -> None:
    """Figures come with intervals, the rows behind them and the digest of the data."""
    report = json.loads((folders[0] / "report.json").read_text())

    figure = report["splits"]["test"]["vihsd"]["abusive.auc"]
    assert figure["low"] <= figure["value"] <= figure["high"]
    assert report["data_digest"].startswith("sha256:")
    assert report["rows"]["train"]["vihsd"] > 0
    assert "protected_speech" not in report["rows"]["train"]
    assert set(report["flagged"]["test"]) == {"protected_speech", "other_benign"}


def test_recipe_is_resolved(folders: tuple[Path, str]) -> None:
    """The recipe in the bundle is the one that was used, not the one on disk."""
    recipe = tomllib.loads((folders[0] / "recipe.toml").read_text())

    assert recipe["fine_tune"]["epochs"] == 6
    assert recipe["wide"]["strength"] == 1


def test_run_is_tracked(folders: tuple[Path, str]) -> None:
    """MLflow has the recipe, the data's digest, the figures and the bundle."""
    client = MlflowClient(folders[1])
    experiment = client.get_experiment_by_name("kiemtin")
    assert experiment is not None

    (run,) = client.search_runs([experiment.experiment_id])

    assert run.data.params["fine_tune.epochs"] == "6"
    assert run.data.tags["data.digest"].startswith("sha256:")
    assert any(k.endswith("abusive.auc") for k in run.data.metrics)
    assert len(client.get_metric_history(run.info.run_id, "dev_auc")) == 6
    kept = {a.path for a in client.list_artifacts(run.info.run_id)}
    assert {"recipe.toml", "environment.json", "plots", "report.json"} <= kept


def test_bundle_is_the_challenger(folders: tuple[Path, str]) -> None:
    """The registry gives back the bundle that was made, under the alias of a challenger."""
    folder, store = folders

    found = MlflowClient(store).get_model_version_by_alias("kiemtin", "challenger")

    assert found.tags["bundle.digest"] == bundle_digest(folder)


def test_network_is_kept_in_full_precision(folders: tuple[Path, str]) -> None:
    """What is exported to other graphs later lies with the checkpoints."""
    trained = read_trained(work_of(folders[0]) / NETWORK)

    assert trained.weights_from == "fp32"
    assert set(trained.thresholds) == set(Label)
    assert trained.wide is not None
    assert trained.wide.spec == read_manifest(folders[0]).wide


def test_bundle_scores_dev_as_the_trial_did(
    folders: tuple[Path, str], prepared: Path, encoder_folder: Path
) -> None:
    """Thresholds were chosen on the very scores that the bundle gives, wide part and all."""
    recipe, out = _recipe(), folders[0]
    pool = load_pool(prepared, recipe.corpora, max_rows=recipe.max_rows)

    trial = run_trial(
        recipe,
        pool,
        encoder_folder,
        work=work_of(out),
        report=lambda *_: pytest.fail("it trained"),
    )

    served = score_rows(Scorer.load(out), pool.rows[Split.DEV])
    assert trial.dev.rows == served.rows
    assert trial.dev.scores == pytest.approx(served.scores, abs=1e-3)
    assert trial.thresholds == read_manifest(out).thresholds


def _train_in(folder: Path, encoder: Path, store: str) -> None:
    """Train by the smoke recipe in a folder where nothing is prepared."""
    train(
        load_recipe("smoke", TrainRecipe),
        data=folder,
        encoder=encoder,
        out=folder / "bundle",
        store=store,
    )


def test_unprepared_corpora_leave_nothing(tmp_path: Path, encoder_folder: Path) -> None:
    """Without prepared rows a run says how to prepare them and writes no bundle."""
    with pytest.raises(PreparedError, match="kiemtin data prepare"):
        _train_in(tmp_path, encoder_folder, f"sqlite:///{tmp_path / 'mlflow.db'}")

    assert not (tmp_path / "bundle").exists()


def test_store_that_cannot_be_reached_ends_it_at_once(
    tmp_path: Path, prepared: Path, encoder_folder: Path
) -> None:
    """Nothing is computed for a store that will not keep it."""
    with pytest.raises(StoreError):
        train(
            load_recipe("smoke", TrainRecipe),
            data=prepared,
            encoder=encoder_folder,
            out=tmp_path / "bundle",
            store="http://127.0.0.1:9",
        )

    assert list(tmp_path.iterdir()) == []


def test_sweeps_see_no_test_row(
    tmp_path: Path, prepared: Path, encoder_folder: Path
) -> None:
    """What is measured on dev alone has a report without test, and no challenger."""
    recipe = load_recipe("smoke", TrainRecipe)
    store = f"sqlite:///{tmp_path / 'mlflow.db'}"

    out = train(
        recipe,
        data=prepared,
        encoder=encoder_folder,
        out=tmp_path / "bundle",
        store=store,
        splits=(Split.DEV,),
    )

    report = json.loads((out / "report.json").read_text())
    assert set(report["splits"]) == {"dev"}
    assert MlflowClient(store).search_registered_models() == []
