"""Cases as they are opened and grow: every query about that."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Table, bindparam, insert, select, update
from sqlalchemy.orm import Session

from serving.db.tables import CaseRow

_CASES: Table = CaseRow.__table__  # type: ignore[assignment]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCase:
    """A case that nobody has looked at."""

    id: str
    queue: str
    label: str | None
    flagged: Sequence[str]
    language: str
    origin: str
    origins: Mapping[str, int]
    clocks: Mapping[str, str]
    post_id: str
    cluster_id: int | None
    author: str | None
    n_posts: int
    n_reports: int
    is_audit: bool
    priority: Mapping[str, float]
    rank: float
    chance: float
    created_at: datetime
    deadline_at: datetime


@dataclass(frozen=True, slots=True)
class Size:
    """What of a case changes when copies or reports come."""

    id: str
    origins: dict[str, int]
    clocks: dict[str, str]
    n_posts: int
    n_reports: int
    priority: dict[str, float]
    rank: float
    deadline_at: datetime


class Openings:
    """The cases of one session, as they come to be; the caller commits."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, cases: Sequence[NewCase]) -> None:
        """Store new *cases*, which wait for their first answer."""
        if cases:
            rows = [_row(x) for x in cases]
            self._session.connection().execute(insert(_CASES), rows)

    def lock(self, case_ids: Collection[str]) -> list[Size]:
        """Return how large these cases are; nobody else changes them until the commit."""
        c = _CASES.c
        query = (
            select(
                c.id,
                c.origins,
                c.clocks,
                c.n_posts,
                c.n_reports,
                c.priority,
                c.rank,
                c.deadline_at,
            )
            .where(c.id.in_(case_ids))
            .order_by(c.id)
            .with_for_update()
        )
        return [Size(*x) for x in self._session.execute(query)]

    def grow(self, sizes: Sequence[Size]) -> None:
        """
        Write how large cases have become.

        Their version stays: who is about to decide one is not sent back because another
        copy came.
        """
        names = ("origins", "clocks", "n_posts", "n_reports", "priority", "rank")
        query = (
            update(_CASES)
            .where(_CASES.c.id == bindparam("key"))
            .values({x: bindparam(f"new_{x}", type_=_CASES.c[x].type) for x in names})
        )
        if sizes:
            rows = [
                {"key": x.id} | {f"new_{n}": getattr(x, n) for n in names}
                for x in sizes
            ]
            self._session.connection().execute(query, rows)


def _row(case: NewCase) -> dict[str, Any]:
    return {
        "id": case.id,
        "version": 1,
        "state": "open",
        "stage": "first",
        "queue": case.queue,
        "label": case.label,
        "flagged": case.flagged,
        "language": case.language,
        "origin": case.origin,
        "origins": case.origins,
        "clocks": case.clocks,
        "post_id": case.post_id,
        "cluster_id": case.cluster_id,
        "author": case.author,
        "n_posts": case.n_posts,
        "n_reports": case.n_reports,
        "is_audit": case.is_audit,
        "priority": case.priority,
        "rank": case.rank,
        "chance": case.chance,
        "created_at": case.created_at,
        "deadline_at": case.deadline_at,
        "lease_token": 0,
    }
