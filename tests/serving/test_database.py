"""Databases: reached, migrated, checked, or refused with a reason."""

import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import DateTime, bindparam, inspect, text
from sqlalchemy.orm import Session

import serving.db.migrations
from serving.db import Database, Keys, Posts
from serving.db.tables import Base
from serving.errors import DatabaseUnavailableError

_MIGRATIONS = Path(serving.db.migrations.__file__).parent


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

    assert database.check() == database.head


def test_what_was_stored_before_stays(database: Database) -> None:
    """A database of the first version gets the table of keys, and keeps its posts."""
    at = datetime(2026, 1, 2, tzinfo=UTC)
    with database.session() as session:
        command.upgrade(_config(session), "0001")
        session.execute(
            text(
                "INSERT INTO posts (id, text, scores, recommendation, model_digest, "
                "policy_version, created_at) VALUES ('post_1', 'đồ ngu', "
                "'{\"abusive\": 0.98}', 'review', 'sha256:0', '0', :at)"
            ).bindparams(bindparam("at", at, DateTime(timezone=True)))
        )
        session.commit()

    database.migrate()

    with database.session() as session:
        stored = Posts(session).get("post_1")
        keys = Keys(session).all()
    assert stored is not None
    assert (stored.text, stored.created_at) == ("đồ ngu", at)
    assert keys == []


def test_keys_made_before_review_still_open(database: Database) -> None:
    """The version before review had keys with scopes alone: they open what they did."""
    at = datetime(2026, 1, 2, tzinfo=UTC)
    with database.session() as session:
        command.upgrade(_config(session), "0003")
        session.execute(
            text(
                "INSERT INTO api_keys (id, name, prefix, digest, scopes, created_at) "
                "VALUES ('key_1', 'bot', 'kt_abc', 'd1', '[\"score\"]', :at)"
            ).bindparams(bindparam("at", at, DateTime(timezone=True)))
        )
        session.execute(
            text(
                "INSERT INTO model_activations "
                "(id, at, kind, by, name, version, digest, before) VALUES "
                "(1, :at, 'activate', 'bot', 'compact', '1', 'sha256:1', 'sha256:0')"
            ).bindparams(bindparam("at", at, DateTime(timezone=True)))
        )
        session.commit()

    database.migrate()

    with database.session() as session:
        (key,) = Keys(session).all()
        n_activations = session.scalar(text("SELECT count(*) FROM model_activations"))
    assert (key.name, key.scopes, key.created_at) == ("bot", ("score",), at)
    assert (key.role, key.queues) == (None, None)
    assert key.is_live(at)
    assert n_activations == 1


def test_going_back_to_the_first_version(database: Database) -> None:
    """The step that made the table of keys can be taken back."""
    database.migrate()

    with database.session() as session:
        command.downgrade(_config(session), "0001")
        names = inspect(session.connection()).get_table_names()

    assert "posts" in names
    assert "api_keys" not in names


def _config(session: Session) -> Config:
    """Return what lets Alembic work on the connection of *session*."""
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = session.connection()
    return config


def test_an_empty_database_is_not_ready(database: Database) -> None:
    """Tables that are not there are noticed before a post needs them."""
    with pytest.raises(
        DatabaseUnavailableError, match=f"revision None, not {database.head}"
    ):
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
