"""A store that cannot be used is known before anything is computed for it."""

import socket
import time
from pathlib import Path

import pytest

from training.errors import StoreError
from training.tracking.store import find_experiment, open_store

# MLflow and its database layer warn of themselves.
pytestmark = pytest.mark.filterwarnings("default")


def _closed_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


@pytest.mark.parametrize("scheme", ["http", "postgresql+psycopg"])
def test_absent_server_is_known_at_once(scheme: str) -> None:
    """An address that nobody listens on is refused in seconds, not after retries."""
    began = time.monotonic()

    with pytest.raises(StoreError, match="refused"):
        open_store(f"{scheme}://127.0.0.1:{_closed_port()}/x")

    assert time.monotonic() - began < 6


def test_password_is_not_told() -> None:
    """The message names the store without its password."""
    with pytest.raises(StoreError) as caught:
        open_store(f"postgresql://me:s3cret@127.0.0.1:{_closed_port()}/x")

    assert "s3cret" not in str(caught.value)
    assert "127.0.0.1" in str(caught.value)


def test_folder_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    """A database below what is a file is refused."""
    (tmp_path / "file").touch()

    with pytest.raises(StoreError, match="Not a directory"):
        open_store(f"sqlite:///{tmp_path}/file/mlflow.db")


def test_other_file_is_no_database(tmp_path: Path) -> None:
    """A file that is no database is refused, and stays as it is."""
    path = tmp_path / "mlflow.db"
    path.write_bytes(b"not a database, but long enough to look like one " * 20)
    before = path.read_bytes()

    with pytest.raises(StoreError, match="not a database"):
        open_store(f"sqlite:///{path}")

    assert path.read_bytes() == before


@pytest.mark.parametrize("store", ["file:./mlruns", "mlruns", ""])
def test_folder_is_no_store(store: str) -> None:
    """What is neither a database nor a server is refused with examples of both."""
    with pytest.raises(StoreError, match=r"sqlite:///.*http://"):
        open_store(store)


def test_artifacts_lie_beside_the_database(store: str, tmp_path: Path) -> None:
    """An experiment of a SQLite store keeps its files in the same folder."""
    client = open_store(store)

    found = client.get_experiment(find_experiment(client, "kiemtin"))

    assert found.artifact_location == (tmp_path / "artifacts").as_uri()


def test_experiment_is_made_once(store: str) -> None:
    """Asking twice for an experiment gives the same one."""
    client = open_store(store)

    assert find_experiment(client, "a") == find_experiment(client, "a")
    assert find_experiment(client, "b") != find_experiment(client, "a")
