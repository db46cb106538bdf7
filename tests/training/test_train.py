"""From corpora to a bundle that scores, by the smoke recipe."""

import json
import tomllib
from pathlib import Path

import pytest
from mlflow.tracking import MlflowClient

from kiemtin.bundle import FILES, MANIFEST_FILE
from kiemtin.goldens import check_goldens, read_goldens
from kiemtin.labels import Label
from kiemtin.scoring import Item, Scorer
from training.errors import EncoderMissingError, PreparedError
from training.recipes import TrainRecipe, load_recipe
from training.train import train

pytestmark = [
    pytest.mark.slow,
    # MLflow, its database layer and torch warn of themselves.
    pytest.mark.filterwarnings("default"),
]


@pytest.fixture(scope="module")
def folders(
    prepared: Path, encoder_folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, str]:
    """A bundle made by the smoke recipe, and the store that tracked it."""
    root = tmp_path_factory.mktemp("train")
    store = f"sqlite:///{root / 'mlflow.db'}"
    recipe = load_recipe("smoke", TrainRecipe)
    longer = recipe.fine_tune.model_copy(update={"epochs": 6})
    out = train(
        recipe.model_copy(update={"fine_tune": longer}),
        data=prepared,
        encoder=encoder_folder,
        out=root / "bundle",
        store=store,
    )
    return out, store


def test_bundle_is_whole(folders: tuple[Path, str]) -> None:
    """The bundle holds its files and nothing else, and its goldens hold."""
    folder, _ = folders

    assert {p.name for p in folder.iterdir()} == {MANIFEST_FILE, *FILES}
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


def test_run_is_tracked(folders: tuple[Path, str]) -> None:
    """MLflow has the recipe, the data's digest, the figures and the bundle."""
    client = MlflowClient(folders[1])
    experiment = client.get_experiment_by_name("kiemtin")
    assert experiment is not None

    (run,) = client.search_runs([experiment.experiment_id])

    assert run.data.params["fine_tune.epochs"] == "6"
    assert run.data.params["data"].startswith("sha256:")
    assert any(k.endswith("abusive.auc") for k in run.data.metrics)


def _train_in(folder: Path, encoder: Path) -> None:
    """Train by the smoke recipe in a folder where nothing is prepared."""
    train(
        load_recipe("smoke", TrainRecipe),
        data=folder,
        encoder=encoder,
        out=folder / "bundle",
        store=f"sqlite:///{folder / 'mlflow.db'}",
    )


def test_unprepared_corpora_leave_nothing(tmp_path: Path, encoder_folder: Path) -> None:
    """Without prepared rows a run says how to prepare them and writes no bundle."""
    with pytest.raises(PreparedError, match="kiemtin data prepare"):
        _train_in(tmp_path, encoder_folder)

    assert not (tmp_path / "bundle").exists()


def test_missing_encoder_says_how_to_make_it(tmp_path: Path) -> None:
    """Before anything is read, a missing encoder is an error with the command for it."""
    with pytest.raises(EncoderMissingError, match="kiemtin pretrain"):
        _train_in(tmp_path, tmp_path)
