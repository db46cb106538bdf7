"""Choosing a case stays one step into an index, however many are open."""

from typing import Any

from sqlalchemy import Connection, Engine, event, text
from sqlalchemy.orm import Session

from serving.db import Candidates, Database, Wanted
from serving.db.tables import CaseRow
from tests.fixtures.cases import AN, NOW, open_cases

WANTED = Wanted(
    person=AN.person,
    queues=None,
    stages=["first", "second"],
    authors_seen=["a" * 64],
    now=NOW,
)


def _multiply(session: Session, n: int) -> None:
    """Let there be *n* more cases like the one that is there."""
    columns = [x.name for x in CaseRow.__table__.columns]
    own = {"id": "'case_' || n", "rank": "n", "chance": "n / 1e6"}
    values = ", ".join(own.get(x, f"cases.{x}") for x in columns)
    names = ", ".join(columns)
    statement = (
        f"INSERT INTO cases ({names}) "  # noqa: S608 -- the names are ours
        "WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < :n) "
        f"SELECT {values} FROM cases, s"
    )
    session.execute(text(statement), {"n": n})
    session.execute(text("ANALYZE"))


def _plans(session: Session) -> list[str]:
    """Return how the database goes about each query that chooses a case."""
    engine = session.get_bind()
    assert isinstance(engine, Engine)
    asked: list[tuple[str, Any]] = []

    def note(_: Connection, __: Any, statement: str, given: Any, *___: Any) -> None:
        asked.append((statement, given))

    event.listen(engine, "before_cursor_execute", note)
    Candidates(session).by_rank(WANTED)
    Candidates(session).by_chance(WANTED, 0.5)
    event.remove(engine, "before_cursor_execute", note)
    word = "EXPLAIN" + (" QUERY PLAN" if engine.dialect.name == "sqlite" else "")
    connection = session.connection()
    return [
        "\n".join(str(x) for x in connection.exec_driver_sql(f"{word} {q}", given))
        for q, given in asked
    ]


def test_no_query_reads_all_cases(migrated: Database) -> None:
    """Places and cases are found in the indexes of what is open, without sorting."""
    open_cases(migrated, 1)
    with migrated.session() as session:
        _multiply(session, 5_000)
        by_rank, by_chance = _plans(session)[:2], _plans(session)[2:]

    assert len(by_rank) == len(by_chance) == 2
    for plan in (*by_rank, *by_chance):
        assert "Seq Scan on cases" not in plan
        assert "SCAN cases" not in plan.replace("SCAN cases USING COVERING INDEX", "")
        assert "TEMP B-TREE FOR ORDER BY" not in plan
        assert "Sort" not in plan
    assert all("ix_cases_open_rank" in x for x in by_rank)
    assert all("ix_cases_open_chance" in x for x in by_chance)
