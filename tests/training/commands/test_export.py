"""``kiemtin export``, as people type it."""

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from kiemtin.bundle import read_manifest
from tests.fixtures.trained import small_trained
from training.commands.export import export
from training.errors import CheckpointError
from training.exporting.trained import keep_trained


@pytest.fixture
def app() -> typer.Typer:
    """The command alone."""
    app = typer.Typer()
    app.command()(export)
    return app


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """What a run of training kept."""
    any_loss = {"macro_f1_lost": 1, "rare_f1_lost": 1}
    keep_trained(small_trained(tmp_path, export=any_loss), tmp_path / "network")
    return tmp_path / "network"


@pytest.mark.slow
def test_variant_is_written_and_told(
    app: typer.Typer, kept: Path, prepared: Path, tmp_path: Path
) -> None:
    """A table says what was tried, and the bundle is of the variant that was asked for."""
    arguments = [str(kept), "--out", str(tmp_path / "half"), "--variant", "fp16"]

    result = CliRunner().invoke(app, [*arguments, "--data", str(prepared)])

    assert result.exit_code == 0, result.output
    assert "fp16, computed in fp32" in result.stdout.replace("\n", " ")
    assert result.stdout.rstrip().endswith("half")
    assert read_manifest(tmp_path / "half").variant == "fp16"


@pytest.mark.slow
def test_what_was_tried_can_be_read_by_programs(
    app: typer.Typer, kept: Path, prepared: Path, tmp_path: Path
) -> None:
    """With --json standard output is one object."""
    arguments = [str(kept), "--out", str(tmp_path / "bundle"), "--json"]

    result = CliRunner().invoke(app, [*arguments, "--data", str(prepared)])

    record = json.loads(result.stdout)
    assert record["variant"] == "int8"
    assert record["attempts"][-1]["refused"] == ""


def test_folder_without_a_network_is_an_error(app: typer.Typer, tmp_path: Path) -> None:
    """Nothing is written where there is nothing to export."""
    arguments = [str(tmp_path), "--out", str(tmp_path / "bundle")]

    result = CliRunner().invoke(app, arguments)

    assert isinstance(result.exception, CheckpointError)
    assert not (tmp_path / "bundle").exists()
