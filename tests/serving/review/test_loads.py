"""How much waits, as the pages of the console count it."""

from datetime import timedelta
from typing import Any

from serving.db import Database, Loads
from tests.fixtures.cases import AN, NOW, hold, open_case

ALL = ("first", "second", "adjudication")


def test_what_is_open_is_counted_by_queue(database: Database) -> None:
    """Held, waiting and overdue cases are told apart, and ages fall between the steps."""
    database.migrate()
    with database.work("system", now=NOW) as work:
        for hours, queue in ((0.5, "scam"), (5, "scam"), (100, "scam"), (2, "abuse")):
            at = NOW - timedelta(hours=hours)
            deadline_at = at + timedelta(hours=24)
            times: dict[str, Any] = {"created_at": at, "deadline_at": deadline_at}
            case = open_case(work.session, queue=queue, **times)
        hold(work.session, case, AN)
        work.commit()

    with database.session() as session:
        loads = {x.queue: x for x in Loads(session).of(None, ALL, NOW)}
        only = Loads(session).of({"abuse"}, ALL, NOW)

    scam, abuse = loads["scam"], loads["abuse"]
    assert (scam.n_waiting, scam.n_held, scam.n_overdue) == (3, 0, 1)
    assert scam.ages == (1, 0, 1, 0, 1)
    assert scam.oldest_at == NOW - timedelta(hours=100)
    assert (abuse.n_waiting, abuse.n_held) == (0, 1)
    assert only == [abuse]


def test_decided_and_golden_cases_wait_for_nobody(database: Database) -> None:
    """What is decided, waits for a lead, or is a golden item counts only where it should."""
    database.migrate()
    with database.work("system", now=NOW) as work:
        open_case(work.session, state="decided", decided_at=NOW)
        open_case(work.session, golden_id="gold_1")
        low = open_case(work.session, stage="adjudication", rank=1.0)
        high = open_case(work.session, stage="adjudication", rank=2.0)
        work.commit()

    with database.session() as session:
        first = Loads(session).of(None, ["first"], NOW)
        waiting = Loads(session).waiting("adjudication", None, 10)

    assert first == []
    assert [x.id for x in waiting] == [high.id, low.id]
