"""``kiemtin train``, as people type it."""

import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from kiemtin.goldens import check_goldens, read_goldens
from kiemtin.scoring import Scorer
from tests.fixtures.tiny_phobert import write_tiny_phobert
from training.commands.train import train
from training.errors import CheckpointError, RecipeError

Run = Callable[..., Result]


@pytest.fixture
def run(prepared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the command in an empty folder, on small corpora and a tiny PhoBERT."""
    monkeypatch.chdir(tmp_path)
    encoder = write_tiny_phobert(tmp_path / "phobert")
    app = typer.Typer()
    app.command()(train)

    def invoke(
        *settings: str, recipe: str = "smoke", more: tuple[str, ...] = ()
    ) -> Result:
        options = [
            f"--recipe={recipe}",
            f"--data={prepared}",
            f"--encoder={encoder}",
            f"--store=sqlite:///{tmp_path / 'mlflow.db'}",
            *(f"--set={s}" for s in ("fine_tune.compiled=false", *settings)),
            *more,
        ]
        return CliRunner().invoke(app, options)

    return invoke


@pytest.mark.slow
@pytest.mark.filterwarnings("default")  # MLflow and torch warn of themselves
def test_phobert_becomes_a_bundle(run: Run, tmp_path: Path) -> None:
    """From a checkpoint as PhoBERT is published to a bundle that proves itself."""
    done = run("fine_tune.epochs=2", 'pooling.unreliable="smooth"')

    assert done.exit_code == 0, done.exception
    bundle = tmp_path / "runs" / "smoke"
    assert done.stdout.splitlines()[-1] == "the bundle is in runs/smoke"
    scorer = Scorer.load(bundle)
    check_goldens(scorer, read_goldens(bundle))
    assert scorer.manifest.sharpness.keys() == {"unreliable"}
    recipe = tomllib.loads((bundle / "recipe.toml").read_text())
    assert recipe["fine_tune"]["epochs"] == 2
    assert recipe["pooling"]["unreliable"] == "smooth"
    assert not (tmp_path / "phobert" / "tokenizer.json").exists()

    other = run("fine_tune.epochs=1")
    assert isinstance(other.exception, CheckpointError)

    anew = run("fine_tune.epochs=1", more=("--fresh",))
    assert anew.exit_code == 0, anew.exception


@pytest.mark.parametrize(
    ("setting", "why"),
    [
        ("fine_tune.epochs", "--set fine_tune.epochs is not"),
        ("encoder=vinai/phobert-base", "text has quotes"),
        ("fine_tune.epoch=1", "fine_tune.epoch: "),
        ("fine_tune.epochs=0", "fine_tune.epochs: "),
    ],
)
def test_wrong_settings_are_refused(run: Run, setting: str, why: str) -> None:
    """A setting that is not TOML, or no key of a recipe, ends it before it begins."""
    done = run(setting)

    assert isinstance(done.exception, RecipeError)
    assert why in str(done.exception)
