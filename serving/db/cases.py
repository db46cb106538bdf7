"""Cases and who has them: every query about them, but for those that choose one."""

import uuid
from collections.abc import Collection
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, exists, or_, select, tuple_, update
from sqlalchemy.orm import Session

from serving.db.tables import CaseRow, LeaseRow
from serving.errors import LeaseLostError, NotFoundError


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A stored flag under review, apart from any session; see ``CaseRow``."""

    id: str
    version: int
    state: str
    stage: str
    queue: str
    label: str | None
    flagged: list[str]
    language: str
    origin: str
    origins: dict[str, int]
    clocks: dict[str, str]
    post_id: str
    cluster_id: int | None
    author: str | None
    n_posts: int
    n_reports: int
    is_audit: bool
    golden_id: str | None
    priority: dict[str, float]
    rank: float
    chance: float
    created_at: datetime
    deadline_at: datetime
    decided_at: datetime | None
    decision_id: str | None
    escalated: str | None
    holder: str | None
    lease_token: int
    lease_ends_at: datetime | None

    def is_held(self, now: datetime) -> bool:
        """Say whether somebody has it."""
        return self.lease_ends_at is not None and self.lease_ends_at > now

    def is_held_by(self, person: str, now: datetime) -> bool:
        """Say whether *person* has it."""
        return self.holder == person and self.is_held(now)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFilter:
    """Which cases to list; None takes any."""

    queues: Collection[str] | None = None
    state: str | None = None
    label: str | None = None
    origin: str | None = None


Place = tuple[datetime, str]
"""Where in a list of cases the last page ended."""


class Cases:
    """The cases of one session; the caller commits."""

    def __init__(self, session: Session) -> None:
        self._session = session

    @staticmethod
    def new_id() -> str:
        """Return an id that no other has."""
        return f"case_{uuid.uuid4().hex}"

    def add(self, case: Case) -> None:
        """Store *case*."""
        self._session.add(CaseRow(**asdict(case)))
        self._session.flush()

    def get(
        self, case_id: str, queues: Collection[str] | None, person: str | None = None
    ) -> Case | None:
        """
        Return a case of *queues*, None if there is none.

        Args:
            case_id: Its id; anything that a caller may have sent.
            queues: Those whose cases may be seen; None for all of them.
            person: Who asks: a golden item is a case for those alone who were given it.
        """
        if "\0" in case_id:
            return None
        wanted = [CaseRow.id == case_id, *_in(queues)]
        if person is not None:
            wanted.append(_is_shown_to(person))
        # What another transaction did since must not hide behind what was read before.
        query = select(CaseRow).where(*wanted).execution_options(populate_existing=True)
        row = self._session.scalar(query)
        return case_of(row) if row else None

    def lock(self, case_id: str) -> Case:
        """
        Return a case that nobody else can change before the commit.

        Raises:
            NotFoundError: If there is none.
        """
        query = select(CaseRow).where(CaseRow.id == case_id).with_for_update()
        row = self._session.scalar(query.execution_options(populate_existing=True))
        if row is None:
            msg = "no case has this id"
            raise NotFoundError(msg)
        return case_of(row)

    def held(self, case_id: str, person: str, token: int, now: datetime) -> Case:
        """
        Lock the case that *person* has under *token*, and return it.

        Raises:
            LeaseLostError: If they have it no longer, or another person has it since.
            NotFoundError: If there is none.
        """
        case = self.lock(case_id)
        if case.lease_token != token or not case.is_held_by(person, now):
            msg = "the time for this case ran out, or another person has it since"
            raise LeaseLostError(msg)
        return case

    def held_by(
        self, person: str, now: datetime, queues: Collection[str] | None
    ) -> list[Case]:
        """Return the open cases that *person* has, the first to be lost first."""
        query = select(CaseRow).where(
            CaseRow.holder == person,
            CaseRow.lease_ends_at > now,
            CaseRow.state == "open",
            *_in(queues),
        )
        query = query.order_by(CaseRow.lease_ends_at, CaseRow.id)
        rows = self._session.scalars(query.execution_options(populate_existing=True))
        return [case_of(x) for x in rows]

    def change(self, case: Case, **changes: Any) -> Case:
        """Change columns of *case*, which is locked, and return the next version."""
        changed = replace(case, version=case.version + 1, **changes)
        self._write(case.id, version=changed.version, **changes)
        return changed

    def extend(self, case: Case, ends_at: datetime) -> Case:
        """Let who has *case* have it longer; that is no change of the case itself."""
        self._write(case.id, lease_ends_at=ends_at)
        return replace(case, lease_ends_at=ends_at)

    def list(
        self, which: CaseFilter, person: str, after: Place | None, limit: int
    ) -> list[Case]:
        """Return up to *limit* cases that *person* may see, newest first."""
        wanted = [_is_shown_to(person), *_in(which.queues)]
        for column, value in (
            (CaseRow.state, which.state),
            (CaseRow.label, which.label),
            (CaseRow.origin, which.origin),
        ):
            if value is not None:
                wanted.append(column == value)
        if after is not None:
            wanted.append(tuple_(CaseRow.created_at, CaseRow.id) < after)
        query = select(CaseRow).where(*wanted)
        query = query.order_by(CaseRow.created_at.desc(), CaseRow.id.desc())
        return [case_of(x) for x in self._session.scalars(query.limit(limit))]

    def _write(self, case_id: str, **values: Any) -> None:
        self._session.execute(
            update(CaseRow).where(CaseRow.id == case_id).values(**values)
        )


def case_of(row: CaseRow) -> Case:
    """Return what *row* holds."""
    return Case(**{x.name: getattr(row, x.name) for x in fields(Case)})


def _in(queues: Collection[str] | None) -> list[ColumnElement[bool]]:
    return [] if queues is None else [CaseRow.queue.in_(queues)]


def _is_shown_to(person: str) -> ColumnElement[bool]:
    given = exists().where(LeaseRow.case_id == CaseRow.id, LeaseRow.person == person)
    return or_(CaseRow.golden_id.is_(None), given)
