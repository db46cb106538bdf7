"""A server does what a database does, at an address."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import mlflow
import pytest

from kiemtin.bundle import bundle_digest
from training.errors import StoreError
from training.tracking.history import History
from training.tracking.registry import CHAMPION, Registry
from training.tracking.runs import tracked_run
from training.tracking.store import global_store, open_store

pytestmark = [
    pytest.mark.slow,
    # MLflow and its database layer warn of themselves.
    pytest.mark.filterwarnings("default"),
]

START_S = 240


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server of MLflow's own, on a port of its choice."""
    root = tmp_path_factory.mktemp("server")
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        port = s.getsockname()[1]
    command = [
        *(sys.executable, "-m", "mlflow", "server", "--workers", "1"),
        *("--host", "127.0.0.1", "--port", str(port)),
        *("--backend-store-uri", f"sqlite:///{root}/mlflow.db"),
        *("--artifacts-destination", str(root / "artifacts")),
    ]
    with (root / "log").open("wb") as log:
        started = subprocess.Popen(command, cwd=root, stdout=log, stderr=log)
        try:
            _await(f"http://127.0.0.1:{port}", started, root / "log")
            yield f"http://127.0.0.1:{port}"
        finally:
            started.terminate()
            started.wait(30)


def _await(address: str, started: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + START_S
    while started.poll() is None and time.monotonic() < end:
        try:
            open_store(address)
        except StoreError:
            time.sleep(0.5)
        else:
            return
    pytest.fail(log.read_text())


def test_bundle_goes_there_and_comes_back(
    server: str, bundle: Path, tmp_path: Path
) -> None:
    """Runs, files, models and aliases of a server are those of a database."""
    with tracked_run("a", store=server) as tracker:
        tracker.params({"seed": 7})
        tracker.text("tiếng Việt", "note.txt")
        version = tracker.bundle(bundle, ["xin chào"])
    registry = Registry.at(server)
    registry.set_alias(CHAMPION, version)

    folder = registry.resolve(CHAMPION, tmp_path)

    assert bundle_digest(folder) == bundle_digest(bundle)
    assert registry.find(version).run_id == tracker.run_id
    assert History(registry.client).decisions() == []


def test_model_is_loaded_from_there(server: str, bundle: Path) -> None:
    """MLflow's own client loads the challenger from a server."""
    with tracked_run("a", store=server) as tracker:
        tracker.bundle(bundle, ["xin chào"])

    with global_store(server):
        model = mlflow.pyfunc.load_model("models:/kiemtin@challenger")

    assert model.predict([{"text": "đồ ngu"}])[0]["flagged"]["abusive"]
