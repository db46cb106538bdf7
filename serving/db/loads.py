"""How much waits in each queue, and for how long: every query about it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, select
from sqlalchemy.orm import Session

from serving.db.cases import Case, case_of
from serving.db.tables import CaseRow

AGE_STEPS = (
    timedelta(hours=1),
    timedelta(hours=4),
    timedelta(hours=24),
    timedelta(hours=72),
)
"""Ages that open cases are counted between."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """
    What is open in one queue.

    Attributes:
        n_waiting: Cases that nobody has just now.
        n_held: Cases that somebody has.
        n_overdue: Of both, those past their deadline.
        oldest_at: When the oldest was opened.
        ages: How many there are between each of ``AGE_STEPS``, the youngest first.
    """

    queue: str
    n_waiting: int
    n_held: int
    n_overdue: int
    oldest_at: datetime
    ages: tuple[int, ...]


class Loads:
    """The load, through one session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def of(
        self, queues: Collection[str] | None, stages: Collection[str], now: datetime
    ) -> list[Load]:
        """Return what is open in *queues* (None for all) and waits at *stages*."""
        held = and_(CaseRow.lease_ends_at.is_not(None), CaseRow.lease_ends_at > now)
        counts = [
            _count(held).label("n_held"),
            _count(CaseRow.deadline_at < now).label("n_overdue"),
            *(_count(x) for x in _ages(now)),
        ]
        query = select(
            CaseRow.queue,
            func.count().label("n"),
            func.min(CaseRow.created_at).label("oldest_at"),
            *counts,
        ).where(
            CaseRow.state == "open",
            CaseRow.golden_id.is_(None),
            CaseRow.stage.in_(stages),
        )
        if queues is not None:
            query = query.where(CaseRow.queue.in_(queues))
        rows = self._session.execute(query.group_by(CaseRow.queue))
        return [_load(row) for row in rows]

    def waiting(
        self, stage: str, queues: Collection[str] | None, limit: int
    ) -> list[Case]:
        """Return up to *limit* open cases at *stage*, those that matter most first."""
        query = select(CaseRow).where(
            CaseRow.state == "open",
            CaseRow.stage == stage,
            CaseRow.golden_id.is_(None),
        )
        if queues is not None:
            query = query.where(CaseRow.queue.in_(queues))
        rows = self._session.scalars(query.order_by(CaseRow.rank.desc()).limit(limit))
        return [case_of(x) for x in rows]


def _ages(now: datetime) -> list[ColumnElement[bool]]:
    since = [now - x for x in AGE_STEPS]
    return [
        CaseRow.created_at > since[0],
        *(
            and_(CaseRow.created_at <= younger, CaseRow.created_at > older)
            for younger, older in pairwise(since)
        ),
        CaseRow.created_at <= since[-1],
    ]


def _count(which: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((which, 1), else_=0))


def _load(row: Any) -> Load:
    queue, n, oldest_at, n_held, n_overdue, *ages = row
    return Load(
        queue=queue,
        n_waiting=n - n_held,
        n_held=int(n_held),
        n_overdue=int(n_overdue),
        oldest_at=oldest_at,
        ages=tuple(int(x) for x in ages),
    )
