"""What the service made up for itself: every query about it."""

import secrets
from datetime import UTC, datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from serving.db.tables import SecretRow

_N_BYTES = 32


class Secrets:
    """The secrets, through one session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def get_or_make(self, name: str) -> str:
        """Return the secret *name*, the same to all replicas, and commit a new one."""
        row = self._session.get(SecretRow, name)
        if row is None:
            value = secrets.token_hex(_N_BYTES)
            self._session.add(
                SecretRow(name=name, value=value, created_at=datetime.now(UTC))
            )
            try:
                self._session.commit()
            except IntegrityError:  # another replica was faster
                self._session.rollback()
            row = self._session.get_one(SecretRow, name)
        return row.value
