"""Who is signed in to the console: every query about it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from serving.db.tables import SessionRow

MOST_OF_A_KEY = 10
"""So many browsers may be signed in with one key; the oldest is signed out."""


@dataclass(frozen=True, slots=True)
class StoredSession:
    """What is known of a sign-in; of the cookie only what the cookie makes of it."""

    digest: str
    key_id: str
    expires_at: datetime


class Sessions:
    """The sign-ins, through one session of the database; the caller commits."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, stored: StoredSession, now: datetime) -> None:
        """Store one more for its key, instead of the oldest if there are too many."""
        of_key = (
            select(SessionRow.digest)
            .where(SessionRow.key_id == stored.key_id)
            .order_by(SessionRow.created_at.desc(), SessionRow.digest)
            .offset(MOST_OF_A_KEY - 1)
        )
        for digest in self._session.scalars(of_key).all():
            self.end(digest)
        self._session.add(
            SessionRow(
                digest=stored.digest,
                key_id=stored.key_id,
                created_at=now,
                expires_at=stored.expires_at,
            )
        )
        self._session.flush()

    def live(self, now: datetime) -> list[StoredSession]:
        """Return those that have not ended; their keys may have."""
        query = select(SessionRow).where(SessionRow.expires_at > now)
        return [
            StoredSession(x.digest, x.key_id, x.expires_at)
            for x in self._session.scalars(query)
        ]

    def end(self, digest: str) -> bool:
        """Forget one, and say whether it was there."""
        query = delete(SessionRow).where(SessionRow.digest == digest)
        return bool(self._session.execute(query.returning(SessionRow.digest)).all())

    def purge(self, now: datetime) -> None:
        """Forget those that have ended."""
        self._session.execute(delete(SessionRow).where(SessionRow.expires_at <= now))
