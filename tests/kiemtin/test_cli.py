"""The command as a whole: its subcommands, and how it ends."""

import subprocess
import sys
from importlib.metadata import EntryPoint, version
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from kiemtin.cli import GROUP, build_app, main
from kiemtin.errors import ExtraMissingError
from tests.fixtures.command_line import kiemtin


def greet(name: str) -> None:
    """Say hello."""
    typer.echo(f"xin chào {name}")


@pytest.fixture
def app() -> typer.Typer:
    """An application with a command that works and one that is not installed."""
    return build_app(
        [
            EntryPoint("hello", f"{__name__}:greet", GROUP),
            EntryPoint("serve", "serving.not_there:serve", GROUP),
        ]
    )


def test_help_lists_every_command() -> None:
    """The commands that pyproject.toml names stand in --help, installed or not."""
    help_ = kiemtin("--help")

    assert help_.returncode == 0
    for name in (b"score", b"bundle", b"serve", b"train", b"pretrain"):
        assert name in help_.stdout


def test_help_loads_nothing_heavy() -> None:
    """The network and the tokenizer load when they score, not for --help."""
    code = (
        "import sys; from kiemtin.cli import main\n"
        "try: main(['--help'])\n"
        "except SystemExit: print([*sys.modules])"
    )
    out = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=True, text=True
    ).stdout

    for heavy in ("onnxruntime", "tokenizers", "numpy", "torch", "fastapi"):
        assert f"'{heavy}'" not in out


def test_version() -> None:
    """--version says the version and nothing else."""
    assert kiemtin("--version").stdout.decode() == f"kiemtin {version('kiemtin')}\n"


def test_entry_point_becomes_a_command(app: typer.Typer) -> None:
    """A function that an installed package offers is a command."""
    assert CliRunner().invoke(app, ["hello", "An"]).stdout == "xin chào An\n"


def test_missing_extra_stands_in_help(app: typer.Typer) -> None:
    """A command that cannot be loaded is listed with the extra that it needs."""
    out = CliRunner().invoke(app, ["--help"]).stdout

    assert "serve" in out
    assert "serving extra" in out


@pytest.mark.parametrize("rest", [[], ["--port", "80"], ["--help"], ["x", "-y"]])
def test_missing_extra_is_said(app: typer.Typer, rest: list[str]) -> None:
    """Whatever it is called with, it says what to install."""
    error = CliRunner().invoke(app, ["serve", *rest]).exception

    assert isinstance(error, ExtraMissingError)
    assert "pip install '.[serving]'" in str(error)


def test_package_missing_when_a_command_runs() -> None:
    """A package that is first missed while a command runs is said the same way."""
    code = (
        "import sys; sys.modules['uvicorn'] = None; sys.modules['fastapi'] = None\n"
        "from kiemtin.cli import main; main(['serve', '--port', '0'])"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=False, text=True
    )

    assert ended.returncode == 2
    assert ended.stderr.startswith("kiemtin: extra_missing: serve needs ")
    assert "Traceback" not in ended.stderr


def test_error_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An error of ours ends in one line with its code, and status 2."""
    with pytest.raises(SystemExit) as ended:
        main(["bundle", "check", str(tmp_path)])

    assert ended.value.code == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err == f"kiemtin: bundle_missing: {tmp_path} has no manifest.json\n"


@pytest.mark.parametrize("args", [["scroe"], ["score"], ["score", "-", "--nope"], []])
def test_wrong_usage(args: list[str]) -> None:
    """What the command does not understand ends with status 2 and the usage."""
    ended = kiemtin(*args)

    assert ended.returncode == 2
    assert b"Usage" in ended.stdout + ended.stderr
