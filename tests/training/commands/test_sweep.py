"""``kiemtin sweep``, as people type it."""

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from training.commands.sweep import sweep
from training.errors import PreparedError, RecipeError

OURS = """
name = "tiny"
base = "smoke"
set.fine_tune.compiled = false
[choose]
figure = "protected.at_a_tenth"
best = "lowest"
[[variant]]
name = "none"
[[variant]]
name = "swapped"
set.mitigation.swapped = 1.0
set.mitigation.reweighted = true
"""


@pytest.fixture
def app() -> typer.Typer:
    """The command alone."""
    made = typer.Typer()
    made.command()(sweep)
    return made


def test_an_unknown_sweep_is_named(app: typer.Typer) -> None:
    """What is asked for and what there is stand in the message."""
    result = CliRunner().invoke(app, ["nothing"])

    assert isinstance(result.exception, RecipeError)
    assert "nothing" in str(result.exception)


def test_rows_must_be_prepared(app: typer.Typer, tmp_path: Path) -> None:
    """Without a prepared set nothing is trained, and no store is made."""
    result = CliRunner().invoke(
        app,
        ["mitigation", "--data", str(tmp_path), "--store", f"sqlite:///{tmp_path}/m"],
    )

    assert isinstance(result.exception, PreparedError)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
@pytest.mark.filterwarnings("default")  # MLflow, its database layer and torch warn
def test_variants_are_trained_and_compared(
    app: typer.Typer, prepared: Path, encoder_folder: Path, tmp_path: Path
) -> None:
    """Two real trainings become one table, and the second call trains nothing."""
    path = tmp_path / "tiny.toml"
    path.write_text(OURS)
    arguments = [str(path), "--data", str(prepared), "--encoder", str(encoder_folder)]
    arguments += ["--out", str(tmp_path / "out"), "--json"]
    arguments += ["--store", f"sqlite:///{tmp_path / 'mlflow.db'}"]

    result = CliRunner().invoke(app, arguments, catch_exceptions=False)
    made = (tmp_path / "out" / "swapped" / "manifest.json").stat()
    again = CliRunner().invoke(app, arguments, catch_exceptions=False)

    summary = json.loads(result.stdout)
    assert [x["variant"] for x in summary["outcomes"]] == ["none", "swapped"]
    assert summary["chosen"] in {"none", "swapped"}
    assert json.loads(again.stdout) == summary
    assert (tmp_path / "out" / "swapped" / "manifest.json").stat() == made
