"""The chained log of acts: every query about it."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from serving.db.tables import AuditRow

_LOCK = 0x6B696175
"""Names the advisory lock on the end of the chain in PostgreSQL."""
START = "0" * 64
"""What the first row is chained to."""


@dataclass(frozen=True, slots=True)
class Act:
    """
    Who did what to what, and when.

    Its detail has strings, whole numbers and None alone: a database gives 1e300 back as
    another number, and the chain would not hold.
    """

    at: datetime
    actor: str
    action: str
    subject: str
    detail: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Entry:
    """An act in its place of the chain."""

    position: int
    act: Act
    digest: str


class Audit:
    """The log, through one session; the caller commits."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def append(self, acts: Sequence[Act]) -> None:
        """
        Add *acts* at the end, which is locked until the commit.

        Raises:
            TypeError: If a detail is something that databases do not give back as it is.
        """
        for act in acts:
            _check(act)
        if self._session.get_bind().dialect.name == "postgresql":
            # In SQLite there is only ever one who writes.
            self._session.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
        last = self._session.execute(
            select(AuditRow.position, AuditRow.digest)
            .order_by(AuditRow.position.desc())
            .limit(1)
        ).first()
        position, digest = last or (0, START)
        for act in acts:
            position += 1
            digest = digest_of(digest, position, act)
            self._session.add(
                AuditRow(
                    position=position,
                    at=act.at,
                    actor=act.actor,
                    action=act.action,
                    subject=act.subject,
                    detail=act.detail,
                    digest=digest,
                )
            )
        self._session.flush()

    def of(self, subject: str) -> list[Entry]:
        """Return what was done to *subject*, oldest first."""
        query = select(AuditRow).where(AuditRow.subject == subject)
        rows = self._session.scalars(query.order_by(AuditRow.position))
        return [_entry(x) for x in rows]

    def page(
        self, *, subject: str | None, before: int | None, limit: int
    ) -> list[Entry]:
        """Return up to *limit* entries, newest first, of *subject* or of all."""
        query = select(AuditRow)
        if subject is not None:
            query = query.where(AuditRow.subject == subject)
        if before is not None:
            query = query.where(AuditRow.position < before)
        newest = query.order_by(AuditRow.position.desc()).limit(limit)
        return [_entry(x) for x in self._session.scalars(newest)]

    def all(self, *, n_at_once: int = 1000) -> Iterator[Entry]:
        """Yield every entry in the order of the chain, without holding all of them."""
        query = select(*_COLUMNS).order_by(AuditRow.position).limit(n_at_once)
        rows = self._session.execute(query).all()
        while rows:
            for position, digest, *act in rows:
                yield Entry(position, Act(*act), digest)
            last = rows[-1].position
            rows = self._session.execute(query.where(AuditRow.position > last)).all()


_COLUMNS = (
    AuditRow.position,
    AuditRow.digest,
    AuditRow.at,
    AuditRow.actor,
    AuditRow.action,
    AuditRow.subject,
    AuditRow.detail,
)


def digest_of(before: str, position: int, act: Act) -> str:
    """Return the digest of *act* at *position*, after a row whose digest is *before*."""
    content = json.dumps(
        [
            before,
            position,
            act.at.astimezone(UTC).isoformat(timespec="microseconds"),
            act.actor,
            act.action,
            act.subject,
            act.detail,
        ],
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
    )
    return hashlib.sha256(content.encode()).hexdigest()


def _entry(row: AuditRow) -> Entry:
    act = Act(row.at, row.actor, row.action, row.subject, row.detail)
    return Entry(row.position, act, row.digest)


def _check(act: Act) -> None:
    for name, value in act.detail.items():
        if not isinstance(value, str | int | None):
            msg = f"{act.action}: {name} is a {type(value).__name__}"
            raise TypeError(msg)
