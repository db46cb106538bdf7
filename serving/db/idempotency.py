"""Requests that carried an Idempotency-Key: every query about them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, or_, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from serving.db.tables import IdempotentRow


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    """A request that was begun; ``status`` is None until it is answered."""

    body_digest: str
    status: int | None
    headers: Mapping[str, str]
    body: bytes


class IdempotentRequests:
    """The requests, through one session; the caller commits."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def begin(
        self,
        request_id: str,
        body_digest: str,
        now: datetime,
        *,
        lost_before: datetime,
        over_before: datetime,
    ) -> StoredAnswer | None:
        """
        Return what is known of the request; None if it is the caller's from now on.

        Args:
            request_id: What is the same for repeats of it.
            body_digest: What is different for other bodies.
            now: Names this try in ``finish`` and ``give_up``.
            lost_before: Who began before that and has not answered never will.
            over_before: Answers of requests that were begun before that are forgotten.
        """
        if self._insert(request_id, body_digest, now):
            return None
        is_free = or_(
            IdempotentRow.created_at < over_before,
            IdempotentRow.status.is_(None)
            & (IdempotentRow.created_at < lost_before)
            & (IdempotentRow.body_digest == body_digest),
        )
        taken = self._session.execute(
            update(IdempotentRow)
            .where(IdempotentRow.id == request_id, is_free)
            .values(
                body_digest=body_digest,
                created_at=now,
                status=None,
                headers=None,
                body=None,
            )
            .returning(IdempotentRow.id)
        ).all()
        return None if taken else self._get(request_id, body_digest)

    def finish(
        self,
        request_id: str,
        began_at: datetime,
        *,
        status: int,
        headers: Mapping[str, str],
        body: bytes,
    ) -> None:
        """Keep the answer, unless somebody else took the request over."""
        self._session.execute(
            update(IdempotentRow)
            .where(IdempotentRow.id == request_id, IdempotentRow.created_at == began_at)
            .values(status=status, headers=dict(headers), body=body)
        )

    def give_up(self, request_id: str, began_at: datetime) -> None:
        """Forget the request, so that a repeat of it is tried anew."""
        self._session.execute(
            delete(IdempotentRow).where(
                IdempotentRow.id == request_id, IdempotentRow.created_at == began_at
            )
        )

    def purge(self, before: datetime) -> None:
        """Forget what was begun before that."""
        self._session.execute(
            delete(IdempotentRow).where(IdempotentRow.created_at < before)
        )

    def _insert(self, request_id: str, body_digest: str, now: datetime) -> bool:
        is_postgres = self._session.get_bind().dialect.name == "postgresql"
        insert = postgresql.insert if is_postgres else sqlite.insert
        statement = (
            insert(IdempotentRow)
            .values(id=request_id, body_digest=body_digest, created_at=now)
            .on_conflict_do_nothing(index_elements=["id"])
            .returning(IdempotentRow.id)
        )
        return bool(self._session.execute(statement).all())

    def _get(self, request_id: str, body_digest: str) -> StoredAnswer:
        row = self._session.get(IdempotentRow, request_id)
        if row is None:  # given up this moment: let the caller come again
            return StoredAnswer(body_digest, None, {}, b"")
        return StoredAnswer(
            row.body_digest, row.status, row.headers or {}, row.body or b""
        )
