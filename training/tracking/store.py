"""Where MLflow keeps runs and models: a database, or a server in front of one."""

import re
import socket
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import mlflow
from mlflow.exceptions import MlflowException
from mlflow.tracking import MlflowClient
from sqlalchemy.exc import SQLAlchemyError

from training.errors import StoreError

DEFAULT_STORE = "sqlite:///mlruns/mlflow.db"

_TAGS = {"mlflow.experimentKind": "custom_model_development"}
"""Without it MLflow's pages open on tools for chat models."""
_SQLITE = "sqlite:///"
_PORTS = {"http": 80, "https": 443, "postgresql": 5432, "mysql": 3306}
_PATIENCE_S = 5.0


def open_store(store: str) -> MlflowClient:
    """
    Return a client of *store*, which answers and takes what is written.

    Args:
        store: A database such as ``sqlite:///mlruns/mlflow.db``, which is made if it is
            not there, or the address of a server such as ``http://127.0.0.1:5000``.

    Raises:
        StoreError: If not; within seconds, before anything is computed for it.
    """
    with store_errors(store):
        _knock(store)
        client = MlflowClient(tracking_uri=store, registry_uri=store)
        client.search_experiments(max_results=1)
    return client


def find_experiment(client: MlflowClient, name: str) -> str:
    """
    Return the id of the experiment called *name*, made if it is not there.

    Artifacts of a SQLite store lie beside it, in ``artifacts``; where those of other
    stores lie is theirs to say.
    """
    if found := client.get_experiment_by_name(name):
        return str(found.experiment_id)
    location = None
    if database := _sqlite_file(client.tracking_uri):
        location = (database.parent / "artifacts").resolve().as_uri()
    try:
        return str(client.create_experiment(name, location, _TAGS))
    except MlflowException:
        # Another run may have made it in between.
        if found := client.get_experiment_by_name(name):
            return str(found.experiment_id)
        raise


@contextmanager
def global_store(store: str) -> Iterator[None]:
    """Let what asks MLflow for a store, and takes none of ours, find *store*."""
    before = mlflow.get_tracking_uri()
    mlflow.set_tracking_uri(store)
    try:
        yield
    finally:
        mlflow.set_tracking_uri(before)


@contextmanager
def store_errors(store: str) -> Iterator[None]:
    """
    Tell in one line what *store* did not do.

    Raises:
        StoreError: For anything that MLflow, its database or the network raises.
    """
    try:
        yield
    except (MlflowException, SQLAlchemyError, sqlite3.Error, OSError) as e:
        first = next(iter(str(e).splitlines()), type(e).__name__)
        msg = f"{_without_password(store)}: {_without_password(first)}"
        raise StoreError(msg) from e


def _knock(store: str) -> None:
    """Fail early: MLflow itself would try again for minutes."""
    if database := _sqlite_file(store):
        (database.parent / "artifacts").mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(database, timeout=_PATIENCE_S)) as connection:
            connection.execute("BEGIN IMMEDIATE")
            connection.rollback()
        return
    parts = urlsplit(store)
    port = parts.port or _PORTS.get(parts.scheme.partition("+")[0])
    if not parts.hostname or not port:
        msg = (
            f"{_without_password(store)} is neither a database (sqlite:///mlruns/mlflow.db) nor the address of a server "
            "(http://127.0.0.1:5000)"
        )
        raise StoreError(msg)
    socket.create_connection((parts.hostname, port), _PATIENCE_S).close()


def _sqlite_file(store: str) -> Path | None:
    if not store.startswith(_SQLITE):
        return None
    return Path(store.removeprefix(_SQLITE).partition("?")[0])


def _without_password(text: str) -> str:
    return re.sub(r"//[^/@\s]*@", "//***@", text)
