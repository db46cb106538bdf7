"""The environment that ``make serve`` makes: it serves, and cannot train."""

import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.fixtures.checkout import IN_CI, ROOT, heavy_modules, read_pyproject

Run = Callable[..., str]


def _names(requirements: list[str]) -> set[str]:
    return {re.split(r"[^\w-]", r)[0] for r in requirements}


@pytest.fixture
def run() -> Run:
    """Start a program of the serving environment and return what it printed."""
    programs = ROOT / ".venv/bin"
    if not (programs / "kiemtin").exists():
        reason = "no .venv with the serving extra: `make test` makes it"
        (pytest.fail if IN_CI else pytest.skip)(reason)

    def _run(program: str, *args: str, stdin: str = "", cwd: Path = ROOT) -> str:
        done = subprocess.run(
            [str(programs / program), *args],
            input=stdin,
            cwd=cwd,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    return _run


def test_training_stack_is_absent(run: Run) -> None:
    """No module of the training stack can even be found there."""
    code = f"""
import importlib.util
print([m for m in {sorted(heavy_modules())} if importlib.util.find_spec(m)])
"""

    assert run("python", "-c", code).strip() == "[]"


def test_training_extra_is_absent(run: Run) -> None:
    """Nothing that only the training extra asks for is installed there."""
    project = read_pyproject()["project"]
    extras = project["optional-dependencies"]
    listed = json.loads(run("python", "-m", "pip", "list", "--format", "json"))

    only_there = _names(extras["training"]) - _names(
        project["dependencies"] + extras["serving"]
    )
    assert len(only_there) > 10
    assert only_there.isdisjoint({package["name"].lower() for package in listed})


def test_service_imports(run: Run) -> None:
    """The whole service can be imported with the serving extra alone."""
    run("python", "-c", "import serving.app")


@pytest.mark.parametrize("command", [(), ("serve",), ("score",), ("bundle",)])
def test_commands_explain_themselves(run: Run, command: tuple[str, ...]) -> None:
    """The commands of the core and the service are there, with their help."""
    assert "Usage" in run("kiemtin", *command, "--help")


def test_scores_a_post(run: Run, bundle: Path, tmp_path: Path) -> None:
    """A post is scored from the command line, in any working directory."""
    out = run(
        "kiemtin", "score", "--plain", "--bundle", str(bundle), "-",
        stdin="đồ ngu\n",
        cwd=tmp_path,
    )  # fmt: skip

    assert json.loads(out)["recommendation"] == "review"
