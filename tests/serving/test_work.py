"""Units of work: written whole, with who did it, or not at all."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from serving.db import Audit, Database
from serving.db.audit import START, digest_of

NOW = datetime(2026, 11, 23, 12, 0, 0, 123456, tzinfo=UTC)


@pytest.fixture
def migrated(database: Database) -> Database:
    """A database of each kind with its tables."""
    database.migrate()
    return database


def _check_chain(database: Database) -> int:
    digest, n = START, 0
    with database.session() as session:
        for entry in Audit(session).all(n_at_once=7):
            n += 1
            digest = digest_of(digest, n, entry.act)
            assert (entry.position, entry.digest) == (n, digest)
    return n


def test_acts_are_chained(migrated: Database) -> None:
    """What is read back has the digest that was written, whatever the database."""
    with migrated.work("rev_1", now=NOW) as work:
        work.note("case.claim", "case_1", token=3, drawn="random")
        work.note("case.release", "case_1")
        work.commit()
    with migrated.work("rev_2", now=NOW + timedelta(days=1)) as work:
        work.note("case.claim", "case_2", reason="lý do")
        work.commit()

    assert _check_chain(migrated) == 3
    with migrated.session() as session:
        acts = [x.act for x in Audit(session).of("case_1")]
    assert [(x.action, x.actor, x.at) for x in acts] == [
        ("case.claim", "rev_1", NOW),
        ("case.release", "rev_1", NOW),
    ]
    assert acts[0].detail == {"token": 3, "drawn": "random"}


def test_without_a_commit_nothing_happened(migrated: Database) -> None:
    """An act that failed is not in the log."""
    with migrated.work("rev_1") as work:
        work.note("case.claim", "case_1")

    assert _check_chain(migrated) == 0


def test_many_at_once_make_one_chain(migrated: Database) -> None:
    """Positions have no gap and no two rows follow the same one."""

    def act(n: int) -> None:
        with migrated.work(f"rev_{n}") as work:
            work.note("case.claim", f"case_{n}")
            work.commit()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(act, range(60)))

    assert _check_chain(migrated) == 60


def test_nobody_waits_for_an_open_transaction(migrated: Database) -> None:
    """In PostgreSQL a unit of work that dawdles holds up no other."""
    if migrated.dialect == "sqlite":
        pytest.skip("in SQLite there is only ever one who writes")
    done = threading.Event()

    def act() -> None:
        with migrated.work("rev_2") as other:
            other.note("case.claim", "case_2")
            other.commit()
        done.set()

    with migrated.work("rev_1") as work:
        work.note("case.claim", "case_1")
        work.session.execute(text("SELECT 1"))
        threading.Thread(target=act, daemon=True).start()
        assert done.wait(10)
        work.commit()

    assert _check_chain(migrated) == 2


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE audit_log SET actor = 'rev_2'",
        "DELETE FROM audit_log",
        "DELETE FROM audit_log WHERE position = 1",
    ],
)
def test_the_log_only_grows(migrated: Database, change: str) -> None:
    """The database itself refuses to change what was written."""
    with migrated.work("rev_1") as work:
        work.note("case.claim", "case_1")
        work.commit()

    with migrated.session() as session, pytest.raises(DBAPIError):
        session.execute(text(change))

    assert _check_chain(migrated) == 1
