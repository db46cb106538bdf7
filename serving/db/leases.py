"""Who had which case, and how that ended: every query about it."""

from dataclasses import dataclass, fields
from datetime import UTC, datetime

from sqlalchemy import and_, func, select, text, update
from sqlalchemy.orm import Session

from serving.db.tables import CaseRow, LeaseRow


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredLease:
    """That somebody has, or had, a case; see ``LeaseRow``."""

    case_id: str
    person: str
    token: int
    author: str | None
    drawn: str
    is_blind: bool
    taken_at: datetime
    ended_at: datetime | None = None
    ended: str | None = None
    reason: str | None = None


class Leases:
    """The leases of one session; the caller commits."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, lease: StoredLease) -> None:
        """Store *lease*."""
        row = {x.name: getattr(lease, x.name) for x in fields(StoredLease)}
        self._session.add(LeaseRow(**row))
        self._session.flush()

    def get(self, case_id: str, token: int) -> StoredLease | None:
        """Return the lease of a case under *token*, None if there was none."""
        row = self._session.scalar(
            select(LeaseRow)
            .where(LeaseRow.case_id == case_id, LeaseRow.token == token)
            .execution_options(populate_existing=True)
        )
        return _lease(row) if row else None

    def of(self, case_id: str) -> list[StoredLease]:
        """Return who had a case, the first one first."""
        query = select(LeaseRow).where(LeaseRow.case_id == case_id)
        return [_lease(x) for x in self._session.scalars(query.order_by(LeaseRow.id))]

    def end(
        self,
        case_id: str,
        token: int,
        how: str,
        at: datetime,
        reason: str | None = None,
    ) -> None:
        """
        Note that a lease ended; one that did already stays as it is.

        Args:
            case_id: Of which case.
            token: Which lease of it.
            how: ``expired``, ``released``, ``skipped``, ``escalated`` or ``decided``.
            at: When.
            reason: The code of the review policy, where there is one.
        """
        self._session.execute(
            update(LeaseRow)
            .where(
                LeaseRow.case_id == case_id,
                LeaseRow.token == token,
                LeaseRow.ended_at.is_(None),
            )
            .values(ended=how, ended_at=at, reason=reason)
        )

    def n_today(self, person: str, now: datetime) -> int:
        """Return how many cases *person* took since midnight, UTC."""
        query = select(func.count()).select_from(LeaseRow)
        taken = LeaseRow.taken_at >= _midnight(now)
        return self._session.scalar(query.where(LeaseRow.person == person, taken)) or 0

    def authors_seen(self, person: str, now: datetime, most: int) -> list[str]:
        """Return the authors whom *person* was served *most* times today, or more."""
        query = (
            select(LeaseRow.author)
            .where(
                LeaseRow.person == person,
                LeaseRow.taken_at >= _midnight(now),
                LeaseRow.author.is_not(None),
            )
            .group_by(LeaseRow.author)
            .having(func.count() >= most)
        )
        return [x for x in self._session.scalars(query) if x is not None]

    def blind_to(self, person: str, now: datetime) -> set[str]:
        """Return the cases that *person* has, and whose scores they must not see."""
        query = (
            select(CaseRow.id)
            .join(
                LeaseRow,
                and_(
                    LeaseRow.case_id == CaseRow.id,
                    LeaseRow.token == CaseRow.lease_token,
                ),
            )
            .where(
                CaseRow.holder == person, CaseRow.lease_ends_at > now, LeaseRow.is_blind
            )
        )
        return set(self._session.scalars(query))

    def serve_one_at_a_time(self, person: str) -> None:
        """Let what *person* asks for twice at once be answered one after the other."""
        if self._session.get_bind().dialect.name == "postgresql":
            query = text("SELECT pg_advisory_xact_lock(hashtextextended(:person, 0))")
            self._session.execute(query, {"person": person})


def _midnight(now: datetime) -> datetime:
    return now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


def _lease(row: LeaseRow) -> StoredLease:
    return StoredLease(**{x.name: getattr(row, x.name) for x in fields(StoredLease)})
