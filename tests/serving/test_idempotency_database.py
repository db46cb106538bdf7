"""What is remembered of requests that may be sent twice, in each kind of database."""

import threading
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Any

from serving.db import Database, IdempotentRequests
from serving.idempotency import purge

START = datetime(2026, 11, 23, tzinfo=UTC)


def _n_rows(database: Database) -> int:
    with database.session() as session:
        return len(session.connection().exec_driver_sql(
            "SELECT id FROM idempotent_requests"
        ).all())  # fmt: skip


def _begin(database: Database, at: datetime, digest: str = "d") -> object:
    with database.session() as session:
        known = IdempotentRequests(session).begin(
            "request",
            digest,
            at,
            lost_before=at - timedelta(seconds=60),
            over_before=at - timedelta(hours=24),
        )
        session.commit()
    return known


def _finish(database: Database, began_at: datetime, body: bytes) -> None:
    with database.session() as session:
        IdempotentRequests(session).finish(
            "request", began_at, status=200, headers={}, body=body
        )
        session.commit()


def test_who_was_cut_off_is_followed(database: Database) -> None:
    """A request that a crash cut off is taken over; its old answer comes too late."""
    database.migrate()
    later = START + timedelta(seconds=61)
    assert _begin(database, START) is None
    assert _begin(database, START + timedelta(seconds=59)) is not None
    assert _begin(database, later, digest="other") is not None

    assert _begin(database, later) is None
    _finish(database, START, b"old")
    _finish(database, later, b"new")

    known: Any = _begin(database, later)
    assert (known.status, known.body) == (200, b"new")


def test_after_a_day_it_is_forgotten(database: Database) -> None:
    """A key may be used for something else then, and nothing is left of it."""
    database.migrate()
    _begin(database, START)
    _finish(database, START, b"old")

    assert _begin(database, START + timedelta(hours=23), "other") is not None
    assert _begin(database, START + timedelta(hours=25), "other") is None
    purge(database, now=START + timedelta(hours=48))
    assert _n_rows(database) == 1
    purge(database, now=START + timedelta(hours=50))
    assert _n_rows(database) == 0


def test_many_at_once(database: Database, database_url: str) -> None:
    """However many repeats come together, one of them is done."""
    database.migrate()
    start = threading.Barrier(8)
    mine: list[bool] = []

    def begin() -> None:
        with closing(Database(database_url)) as own:
            start.wait()
            mine.append(_begin(own, START) is None)

    threads = [threading.Thread(target=begin) for _ in range(8)]
    for x in threads:
        x.start()
    for x in threads:
        x.join()

    assert mine.count(True) == 1
