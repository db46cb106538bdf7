"""``kiemtin promote``, ``rollback`` and ``models``, as people type them."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from tests.fixtures.bundle_variants import write_variant
from tests.fixtures.stores import empty_store
from training.commands.promote import models, promote, rollback
from training.errors import GateError, NoModelError
from training.preparation.manifest import read_manifest
from training.tracking.registry import CHAMPION, Registry
from training.tracking.runs import tracked_run

# MLflow and its database layer warn of themselves.
pytestmark = pytest.mark.filterwarnings("default")

Run = Callable[..., Result]


@pytest.fixture(scope="module")
def registered(
    bundle: Path, prepared: Path, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """The folder of a store with two versions that flag every text."""
    root = tmp_path_factory.mktemp("registered")
    store, digest = empty_store(root), read_manifest(prepared).digest
    for number in ("1", "2"):
        folder = root / f"bundle-{number}"
        write_variant(bundle, folder, version=number, data_digest=digest, review=0.001)
        with tracked_run(number, store=store) as tracker:
            tracker.bundle(folder, ["xin chào"])
    return root


@pytest.fixture
def store(registered: Path, tmp_path: Path) -> str:
    """A copy of that store."""
    shutil.copy(registered / "mlflow.db", tmp_path)
    return f"sqlite:///{tmp_path}/mlflow.db"


@pytest.fixture
def run(store: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command on that store, in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    app = typer.Typer()
    for command in (promote, rollback, models):
        app.command()(command)

    def _run(*args: str) -> Result:
        return CliRunner().invoke(app, [*args, "--store", store])

    return _run


def _promote(run: Run, prepared: Path, *args: str) -> Result:
    return run("promote", "--reason", "thử", "--data", str(prepared), *args)


def test_refusal_names_every_reason(run: Run, prepared: Path, store: str) -> None:
    """A refused challenger ends in one error with all reasons, below a table."""
    done = _promote(run, prepared)

    assert isinstance(done.exception, GateError)
    assert "protected: 100.0% of protected speech is flagged" in str(done.exception)
    assert done.stdout.count("FAILS") == str(done.exception).count("; ") + 1
    assert Registry.at(store).champion() is None
    assert "refusal" in run("models").stdout


def test_dry_run_leaves_no_trace(run: Run, prepared: Path) -> None:
    """Judging for a look changes and records nothing, and still says no."""
    done = _promote(run, prepared, "--dry-run")

    assert isinstance(done.exception, GateError)
    assert json.loads(run("models", "--json").stdout)["decisions"] == []


def test_verdict_is_one_json_object(run: Run, prepared: Path) -> None:
    """Programs get every check with the evidence and the limits behind it."""
    done = _promote(run, prepared, "--json", "--challenger", "1", "--by", "Bình")

    found = json.loads(done.stdout)
    assert {"verdict", "evidence", "limits"} == found.keys()
    assert found["evidence"]["challenger"]["protected"]["value"] == 1
    (decision,) = json.loads(run("models", "--json").stdout)["decisions"]
    assert (decision["kind"], decision["by"]) == ("refusal", "Bình")


def test_unknown_challenger_is_refused(run: Run, prepared: Path) -> None:
    """A version that is not there is named beside those that are."""
    done = _promote(run, prepared, "--challenger", "9")

    assert isinstance(done.exception, NoModelError)
    assert "challenger, 2, 1" in str(done.exception)


def test_reason_must_be_given(run: Run, prepared: Path) -> None:
    """Nobody promotes or rolls back without saying why."""
    assert run("promote", "--data", str(prepared)).exit_code == 2
    assert run("rollback").exit_code == 2


def test_rollback_without_champion_is_refused(run: Run) -> None:
    """There is nothing to go back to."""
    done = run("rollback", "--reason", "nghi ngờ")

    assert isinstance(done.exception, NoModelError)


def test_models_are_listed_the_newest_first(run: Run, store: str) -> None:
    """The table has each version with its alias, bundle and state."""
    Registry.at(store).set_alias(CHAMPION, "1")

    lines = [x for x in run("models").stdout.splitlines() if "tiny" in x]

    assert ["challenger" in lines[0], "champion" in lines[1]] == [True, True]
    assert all("verified" in x and "unstated" in x for x in lines)
