"""Databases that are there for one run."""

import tempfile
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg

from serving.db import Database


@contextmanager
def scratch(url: str) -> Iterator[tuple[Database, str]]:
    """
    Give an empty database, migrated, and where it is; it is gone afterwards.

    Args:
        url: ``sqlite`` for a file of its own, or any database of a PostgreSQL server in
            which one more can be made.
    """
    if not url.startswith("postgresql"):
        with tempfile.TemporaryDirectory(prefix="kiemtin-") as folder:
            yield from _open(f"sqlite:///{Path(folder) / 'kiemtin.db'}")
        return
    name = f"kiemtin_bench_{uuid.uuid4().hex}"
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}"'.encode())
    try:
        yield from _open(f"{url.rpartition('/')[0]}/{name}")
    finally:
        with psycopg.connect(url, autocommit=True) as server:
            server.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())


def _open(url: str) -> Iterator[tuple[Database, str]]:
    with closing(Database(url)) as database:
        database.migrate()
        yield database, url
