"""Appeals against decisions: every query about them."""

import uuid
from collections.abc import Collection
from dataclasses import asdict, dataclass, fields
from datetime import datetime

from sqlalchemy import Select, literal, select, tuple_, update
from sqlalchemy.orm import Session

from serving.db.tables import AppealRow, CaseRow

OPEN = "open"


@dataclass(frozen=True, slots=True, kw_only=True)
class Appeal:
    """
    That somebody holds a decision to be wrong, and what they were answered.

    Attributes:
        external_ref: What who filed it calls it.
        state: ``open``, ``upheld`` (the decision stands) or ``overturned``.
        reversal_id: What took the decision back.
    """

    id: str
    decision_id: str
    case_id: str
    post_id: str
    external_ref: str | None
    statement: str
    filed_by: str
    filed_at: datetime
    state: str
    version: int
    decided_by: str | None = None
    decided_at: datetime | None = None
    answer: str | None = None
    reversal_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AppealFilter:
    """Which appeals to list; None takes any."""

    state: str | None = None
    filed_by: str | None = None
    queues: Collection[str] | None = None


class Appeals:
    """The appeals of one session; the caller commits."""

    def __init__(self, session: Session) -> None:
        self._session = session

    @staticmethod
    def new_id() -> str:
        """Return an id that no other has."""
        return f"apl_{uuid.uuid4().hex}"

    def add(self, appeal: Appeal) -> None:
        """Store *appeal*."""
        self._session.add(AppealRow(**asdict(appeal)))
        self._session.flush()

    def find(self, appeal_id: str, which: AppealFilter) -> Appeal | None:
        """Return an appeal if it is one of *which*."""
        if "\0" in appeal_id:
            return None
        query = _query(which).where(AppealRow.id == appeal_id)
        row = self._session.scalar(query.execution_options(populate_existing=True))
        return _appeal(row) if row else None

    def open_against(self, decision_id: str) -> Appeal | None:
        """Return the appeal against a decision that is not answered yet."""
        query = _query(AppealFilter(state=OPEN))
        row = self._session.scalar(query.where(AppealRow.decision_id == decision_id))
        return _appeal(row) if row else None

    def of(self, case_id: str) -> list[Appeal]:
        """Return the appeals against decisions on a case, oldest first."""
        query = select(AppealRow).where(AppealRow.case_id == case_id)
        rows = self._session.scalars(query.order_by(AppealRow.filed_at, AppealRow.id))
        return [_appeal(x) for x in rows]

    def answer(
        self,
        appeal: Appeal,
        *,
        state: str,
        decided_by: str,
        decided_at: datetime,
        answer: str,
        reversal_id: str | None,
    ) -> Appeal:
        """Write what *appeal*, whose case is locked, was answered, and return it."""
        self._session.execute(
            update(AppealRow)
            .where(AppealRow.id == appeal.id)
            .values(
                state=state,
                decided_by=decided_by,
                decided_at=decided_at,
                answer=answer,
                reversal_id=reversal_id,
                version=appeal.version + 1,
            )
        )
        row = self._session.get(AppealRow, appeal.id, populate_existing=True)
        return _appeal(row) if row else appeal

    def page(
        self, which: AppealFilter, after: tuple[datetime, str] | None, limit: int
    ) -> list[Appeal]:
        """Return up to *limit* of *which* that come *after*, newest first."""
        query = _query(which)
        if after is not None:
            at, appeal_id = after
            place = tuple_(AppealRow.filed_at, AppealRow.id)
            last = tuple_(literal(at, AppealRow.filed_at.type), appeal_id)
            query = query.where(place < last)
        query = query.order_by(AppealRow.filed_at.desc(), AppealRow.id.desc())
        return [_appeal(x) for x in self._session.scalars(query.limit(limit))]


def _query(which: AppealFilter) -> Select[AppealRow]:
    query = select(AppealRow)
    if which.state is not None:
        query = query.where(AppealRow.state == which.state)
    if which.filed_by is not None:
        query = query.where(AppealRow.filed_by == which.filed_by)
    if which.queues is not None:
        theirs = select(CaseRow.id).where(CaseRow.queue.in_(which.queues))
        query = query.where(AppealRow.case_id.in_(theirs))
    return query


def _appeal(row: AppealRow) -> Appeal:
    return Appeal(**{x.name: getattr(row, x.name) for x in fields(Appeal)})
