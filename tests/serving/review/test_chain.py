"""Whatever is done to the audit log is found, with its place."""

from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from serving.db import Audit, Database
from serving.errors import AuditBrokenError, DatabaseUnavailableError
from serving.review.chain import Head, verify

NOW = datetime(2026, 11, 23, 1, 2, 3, 456_789, tzinfo=UTC)
N = 12


@pytest.fixture
def log(database: Database) -> Database:
    """A log of a few rows, whose database does not see to it any more."""
    database.migrate()
    write(database, N)
    with database.session() as session:
        for statement in _UNGUARD[database.dialect]:
            session.execute(text(statement))
        session.commit()
    return database


_UNGUARD = {
    "sqlite": (
        "DROP TRIGGER audit_log_no_update",
        "DROP TRIGGER audit_log_no_delete",
    ),
    "postgresql": ("DROP TRIGGER audit_log_only_add ON audit_log",),
}


def write(database: Database, n: int) -> None:
    """Add *n* acts, in transactions of two."""
    for i in range(0, n, 2):
        with database.work("rev_0123456789abcdef", now=NOW) as work:
            work.note("case.claim", f"case_{i}", token=i, drawn="ngẫu nhiên")
            work.note("decision.make", f"case_{i}", decision=f"dec_{i}", n=10**18)
            work.commit()


def check(database: Database, expected: Head | None = None) -> Head:
    """Verify the whole log."""
    with database.session() as session:
        return verify(Audit(session).all(n_at_once=5), expected)


def test_a_log_that_is_whole(log: Database) -> None:
    """What a database gives back has the digest that it was written with."""
    head = check(log)

    assert head.position == N
    with log.session() as session:
        assert Audit(session).page(subject=None, before=None, limit=1)[0].digest == (
            head.digest
        )
    assert check(log, head) == head


def test_an_empty_log(database: Database) -> None:
    """Where nothing was done, nothing is wrong."""
    database.migrate()

    assert check(database) == Head(0, "0" * 64)


CHANGES: dict[str, tuple[str, int]] = {
    "the actor": ("UPDATE audit_log SET actor = 'x' WHERE position = 5", 5),
    "the action": ("UPDATE audit_log SET action = 'x' WHERE position = 5", 5),
    "the subject": ("UPDATE audit_log SET subject = 'x' WHERE position = 1", 1),
    "the detail": ("UPDATE audit_log SET detail = '{\"token\": 9}' WHERE position = 5", 5),
    "a number": ("UPDATE audit_log SET detail = '[1e300]' WHERE position = 5", 5),
    "the digest": (
        "UPDATE audit_log SET digest = 'x' WHERE position = 5",
        5,
    ),
    "a missing row": ("DELETE FROM audit_log WHERE position = 5", 5),
    "the first row missing": ("DELETE FROM audit_log WHERE position = 1", 1),
    "missing rows": ("DELETE FROM audit_log WHERE position IN (5, 6, 9)", 5),
}  # fmt: skip


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_is_found(log: Database, change: str) -> None:
    """Each column counts, and the error says where."""
    statement, position = CHANGES[change]
    _run(log, statement)

    with pytest.raises(AuditBrokenError, match=rf"position {position}\b"):
        check(log)


def _run(database: Database, *statements: str) -> None:
    with database.session() as session:
        for statement in statements:
            session.connection().exec_driver_sql(statement)
        session.commit()


def test_a_moment_that_was_changed(log: Database) -> None:
    """A microsecond counts."""
    _set(log, "at", NOW + timedelta(microseconds=1))

    with pytest.raises(AuditBrokenError, match=r"position 7\b"):
        check(log)


@pytest.mark.parametrize(("column", "value"), [("detail", "{"), ("at", "yesterday")])
def test_what_cannot_be_read_any_more(tmp_path: Path, column: str, value: str) -> None:
    """SQLite keeps anything in any column; what is no row any more is one that broke."""
    with closing(Database(f"sqlite:///{tmp_path / 'kiemtin.db'}")) as database:
        database.migrate()
        write(database, N)
        _run(
            database,
            *_UNGUARD["sqlite"],
            f"UPDATE audit_log SET {column} = '{value}' WHERE position = 1",  # noqa: S608 -- ours
        )

        with pytest.raises(AuditBrokenError, match=r"position 1\b.*read"):
            check(database)


def _set(database: Database, column: str, value: object) -> None:
    from serving.db.tables import AuditRow  # noqa: PLC0415 -- what others must not do

    with database.session() as session:
        row = session.get_one(AuditRow, 7)
        setattr(row, column, value)
        session.commit()


def test_rows_that_changed_places(log: Database) -> None:
    """The order of what was done cannot be changed."""
    _run(
        log,
        "UPDATE audit_log SET position = 99 WHERE position = 4",
        "UPDATE audit_log SET position = 4 WHERE position = 7",
        "UPDATE audit_log SET position = 7 WHERE position = 99",
    )

    with pytest.raises(AuditBrokenError, match=r"position 4\b"):
        check(log)


def test_rows_that_moved_up(log: Database) -> None:
    """A gap that was closed is found by the digests."""
    _run(
        log,
        "DELETE FROM audit_log WHERE position = 4",
        *(
            f"UPDATE audit_log SET position = {x - 1} WHERE position = {x}"  # noqa: S608 -- a number
            for x in range(5, N + 1)
        ),
    )

    with pytest.raises(AuditBrokenError, match=r"position 4\b"):
        check(log)


@pytest.mark.parametrize("cut", [1, 5, N])
def test_an_end_that_was_cut_off(log: Database, cut: int) -> None:
    """Only who kept the end elsewhere can know that rows were cut off."""
    head = check(log)
    _run(log, f"DELETE FROM audit_log WHERE position > {N - cut}")  # noqa: S608 -- a number

    assert check(log).position == N - cut
    with pytest.raises(AuditBrokenError, match=rf"position {N - cut + 1}\b"):
        check(log, head)


def test_an_end_that_was_written_anew(log: Database) -> None:
    """A log that was made up from the beginning is found by what was kept of it."""
    head = check(log)
    _run(log, "DELETE FROM audit_log")
    with log.work("rev_other", now=NOW) as work:
        for _ in range(N + 1):
            work.note("case.claim", "case_x")
        work.commit()

    assert check(log).position == N + 1
    with pytest.raises(AuditBrokenError, match=rf"position {N}\b.*expected"):
        check(log, head)


def test_a_log_that_grew_is_what_was_expected(log: Database) -> None:
    """What was kept stays good for as long as rows are only added."""
    head = check(log)
    write(log, 6)

    assert check(log, head).position == N + 6


@pytest.mark.parametrize("change", ["UPDATE audit_log SET actor = 'x'", "DELETE FROM audit_log"])  # fmt: skip
def test_the_database_itself_refuses(database: Database, change: str) -> None:
    """Nobody changes a row by mistake."""
    database.migrate()
    write(database, 2)

    with pytest.raises(DatabaseUnavailableError):
        _run(database, change)


@pytest.mark.parametrize("value", [1.5, ["a"], {"a": 1}])
def test_details_that_would_not_come_back(database: Database, value: object) -> None:
    """What databases write otherwise does not come into the chain."""
    database.migrate()

    with database.work("system", now=NOW) as work:
        work.note("case.claim", "case_1", value=value)
        with pytest.raises(TypeError, match=r"case\.claim: value"):
            work.commit()


@given(st.integers(0), st.binary(min_size=32, max_size=32))
def test_a_head_is_read_as_it_was_printed(position: int, digest: bytes) -> None:
    """What the command prints is what it takes."""
    head = Head(position, digest.hex())
    assert Head.read(f"{head}\n") == head


@pytest.mark.parametrize("line", ["", "1", "1:", "x:" + "0" * 64, "1:" + "z" * 64])
def test_what_is_no_head(line: str) -> None:
    """A slip of the hand is no proof."""
    with pytest.raises(ValueError, match=r"digits|invalid"):
        Head.read(line)
