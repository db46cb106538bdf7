"""A database: SQLite or PostgreSQL, migrated."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry

from serving.db.work import Work
from serving.errors import DatabaseUnavailableError

_MIGRATIONS = Path(__file__).parent / "migrations"
_LOCK = 0x6B69656D
"""Names our advisory lock in PostgreSQL, so that two services do not both migrate."""
_BUSY_TIMEOUT_S = 5
_POOL = 20
"""So many connections are kept open, and as many again may be made."""
_POOL_TIMEOUT_S = 10
_LOST_S = 10
"""What was sent and is not acknowledged by then was sent to nobody."""
_HINT = (
    "name another with KIEMTIN_DATABASE_URL, such as sqlite:////var/tmp/kiemtin.db "
    "or postgresql://user@host/name"
)


class Database:
    """Connections to one database; safe to use from several threads."""

    def __init__(
        self, url: str, *, on_failure: Callable[[], None] | None = None
    ) -> None:
        """
        Remember where the database is; nothing connects yet.

        Args:
            url: Where it is.
            on_failure: Called whenever it does not do what it should.

        Raises:
            DatabaseUnavailableError: If it is of a kind that we cannot use.
        """
        self._url = _with_driver(url)
        self._on_failure = on_failure
        try:
            self._engine = create_engine(
                self._url,
                pool_pre_ping=True,
                # An error's message would otherwise quote the text of a post.
                hide_parameters=True,
                pool_size=_POOL,
                max_overflow=_POOL,
                pool_timeout=_POOL_TIMEOUT_S,
                connect_args=_connect_args(self._url),
            )
        except ModuleNotFoundError as e:
            msg = f"PostgreSQL needs {e.name}, which comes with the postgres extra"
            raise DatabaseUnavailableError(msg) from None
        if self.dialect == "sqlite":
            event.listen(self._engine, "connect", _prepare_sqlite)
        self._config = Config()
        self._config.set_main_option("script_location", str(_MIGRATIONS))
        self._config.set_main_option("path_separator", "os")
        self.head = str(ScriptDirectory.from_config(self._config).get_current_head())

    @property
    def dialect(self) -> str:
        """Which kind of database this is."""
        return self._url.get_backend_name()

    def migrate(self) -> None:
        """
        Bring the tables to what this code needs.

        Raises:
            DatabaseUnavailableError: If the database cannot be reached or written.
        """
        with self._translated(hint=True), self._engine.begin() as connection:
            self._lock(connection)
            self._config.attributes["connection"] = connection
            command.upgrade(self._config, "head")

    def check(self) -> str:
        """
        Return the revision of the tables.

        Raises:
            DatabaseUnavailableError: If it is not ours, or nobody answers.
        """
        with self._translated(), self._engine.connect() as connection:
            revision = MigrationContext.configure(connection).get_current_revision()
        if revision != self.head:
            msg = f"the database is at revision {revision}, not {self.head}"
            raise DatabaseUnavailableError(msg)
        return self.head

    @contextmanager
    def session(self) -> Iterator[Session]:
        """
        Give a session; nothing is connected before it is first used.

        Raises:
            DatabaseUnavailableError: If what is done inside cannot be done.
        """
        with self._translated(), Session(self._engine) as session:
            yield session

    @contextmanager
    def work(self, actor: str, *, now: datetime | None = None) -> Iterator[Work]:
        """
        Give a unit of work, which *actor* commits; without that nothing happened.

        Args:
            actor: The pseudonym of a person, or ``system``.
            now: When it is done.

        Raises:
            DatabaseUnavailableError: If what is done inside cannot be done.
        """
        with self.session() as session:
            if self.dialect == "sqlite":
                # Who reads first and writes then would be refused, not made to wait.
                session.connection().exec_driver_sql("BEGIN IMMEDIATE")
            yield Work(session, actor, now or datetime.now(UTC))

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()

    def _lock(self, connection: Connection) -> None:
        if self.dialect == "postgresql":
            connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
        else:
            connection.exec_driver_sql("BEGIN IMMEDIATE")

    @contextmanager
    def _translated(self, *, hint: bool = False) -> Iterator[None]:
        try:
            yield
        except (SQLAlchemyError, sqlite3.Error) as e:
            # What a driver says is for who started the service, not for its callers.
            if self._on_failure:
                self._on_failure()
            cause = e.orig if isinstance(e, DBAPIError) else e
            reason = " ".join(str(cause).split())
            where = self._url.render_as_string(hide_password=True)
            msg = "the database does not answer, or cannot be written"
            msg = f"{where}: {reason}; {_HINT}" if hint else msg
            raise DatabaseUnavailableError(msg) from e


def _with_driver(url: str) -> URL:
    try:
        parsed = make_url(url)
        backend = parsed.get_backend_name()
    except ArgumentError:
        msg = f"the value of KIEMTIN_DATABASE_URL is not a URL; {_HINT}"
        raise DatabaseUnavailableError(msg) from None
    if backend in {"postgresql", "postgres"}:
        return parsed.set(drivername="postgresql+psycopg")
    if backend == "sqlite" and parsed.database not in {None, "", ":memory:"}:
        return parsed
    if backend == "sqlite":
        msg = f"SQLite in memory is lost with each connection; {_HINT}"
        raise DatabaseUnavailableError(msg)
    msg = f"{backend} is neither sqlite nor postgresql; {_HINT}"
    raise DatabaseUnavailableError(msg)


def _connect_args(url: URL) -> dict[str, object]:
    if url.get_backend_name() == "sqlite":
        return {"timeout": _BUSY_TIMEOUT_S}
    return {
        "connect_timeout": _BUSY_TIMEOUT_S,
        "tcp_user_timeout": _LOST_S * 1000,
        "keepalives_idle": _LOST_S,
        "keepalives_interval": _LOST_S,
        "keepalives_count": 3,
    }


def _prepare_sqlite(connection: object, entry: ConnectionPoolEntry) -> None:
    """Let readers and a writer work together, and keep what foreign keys promise."""
    cursor = entry.dbapi_connection.cursor()  # type: ignore[union-attr]
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
