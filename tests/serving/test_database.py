"""Databases: reached, migrated, checked, or refused with a reason."""

import sys
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from serving.db import Database
from serving.db.tables import Base
from serving.errors import DatabaseUnavailableError


def test_migrations_make_the_tables(database: Database) -> None:
    """The migrations and the tables in the code say the same."""
    database.migrate()

    with database.session() as session:
        context = MigrationContext.configure(session.connection())
        difference = compare_metadata(context, Base.metadata)

    assert difference == []
    assert database.check() == database.head


def test_migrating_twice_changes_nothing(database: Database) -> None:
    """Every start may migrate."""
    database.migrate()
    database.migrate()

    assert database.check() == "0001"


def test_an_empty_database_is_not_ready(database: Database) -> None:
    """Tables that are not there are noticed before a post needs them."""
    with pytest.raises(DatabaseUnavailableError, match="revision None, not 0001"):
        database.check()


@pytest.mark.parametrize(
    "url",
    [
        "sqlite:////proc/kiemtin.db",
        "sqlite:////dev/null/kiemtin.db",
        "postgresql://nobody@127.0.0.1:1/none",
    ],
)
def test_a_database_that_cannot_be_written(url: str) -> None:
    """The error names the place and the setting that chooses another."""
    with (
        closing(Database(url)) as database,
        pytest.raises(DatabaseUnavailableError, match="KIEMTIN_DATABASE_URL"),
    ):
        database.migrate()


@pytest.mark.parametrize(
    "url", ["kiemtin.db", "mysql://localhost/kiemtin", "sqlite://"]
)
def test_a_url_that_we_do_not_know(url: str) -> None:
    """Another kind of database, or one that would forget, is refused at once."""
    with pytest.raises(DatabaseUnavailableError, match="KIEMTIN_DATABASE_URL"):
        Database(url)


def test_a_password_is_not_told() -> None:
    """What is wrong with a database is said without its password."""
    url = "postgresql://nobody:hunter2@127.0.0.1:1/none"

    with (
        closing(Database(url)) as database,
        pytest.raises(DatabaseUnavailableError) as e,
    ):
        database.migrate()

    assert "hunter2" not in str(e.value)


def test_postgresql_without_its_driver(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who did not install the driver is told which extra has it."""
    monkeypatch.setitem(sys.modules, "psycopg", None)

    with pytest.raises(DatabaseUnavailableError, match="postgres extra"):
        Database("postgresql://nobody@127.0.0.1:1/none")


def test_sqlite_writes_ahead(tmp_path: Path) -> None:
    """Readers of SQLite do not wait for a writer."""
    url = f"sqlite:///{tmp_path / 'kiemtin.db'}"

    with closing(Database(url)) as database, database.session() as session:
        mode = session.connection().exec_driver_sql("PRAGMA journal_mode").scalar()

    assert mode == "wal"
