"""Keys to the API: every query about them."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, exists, or_, select, text, update
from sqlalchemy.orm import Session

from serving.db.tables import KeyRow

BY_START = "start"
BY_ENVIRONMENT = "environment"
"""Who made a key, if it was not a person with the command."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredKey:
    """
    What is known of a key, apart from any session; never the key itself.

    Attributes:
        scopes: What it opens besides what its role does.
        queues: The queues that its holder works in; None is all of them.
        made_by: ``start`` or ``environment``; None for a person with the command.
    """

    id: str
    name: str
    prefix: str
    digest: str
    scopes: tuple[str, ...]
    role: str | None
    queues: tuple[str, ...] | None
    made_by: str | None
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None

    def is_live(self, now: datetime) -> bool:
        """Say whether the key opens anything."""
        return self.revoked_at is None and not self.is_expired(now)

    def is_expired(self, now: datetime) -> bool:
        """Say whether its time is over."""
        return self.expires_at is not None and self.expires_at <= now


class Keys:
    """The keys of one session; the caller commits."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(  # noqa: PLR0913 -- the columns of a row, by name
        self,
        *,
        name: str,
        prefix: str,
        digest: str,
        scopes: Sequence[str],
        created_at: datetime,
        expires_at: datetime | None = None,
        role: str | None = None,
        queues: Sequence[str] | None = None,
        made_by: str | None = None,
    ) -> StoredKey:
        """
        Store a key; until the commit nobody else stores one.

        So who counts the keys of a name afterwards counts right.
        """
        self.lock()
        row = KeyRow(
            id=f"key_{uuid.uuid4().hex}",
            name=name,
            prefix=prefix,
            digest=digest,
            scopes=list(scopes),
            role=role,
            queues=None if queues is None else list(queues),
            made_by=made_by,
            created_at=created_at,
            expires_at=expires_at,
        )
        self._session.add(row)
        self._session.flush()
        return _stored(row)

    def lock(self) -> None:
        """Let nobody else store a key until the commit."""
        if self._session.get_bind().dialect.name == "postgresql":
            # In SQLite there is only ever one who writes.
            lock = "LOCK TABLE api_keys IN SHARE ROW EXCLUSIVE MODE"
            self._session.execute(text(lock))

    def live(self, now: datetime, *, name: str | None = None) -> list[StoredKey]:
        """Return the keys that open something, oldest first; of one name or of all."""
        wanted = [
            KeyRow.revoked_at.is_(None),
            or_(KeyRow.expires_at.is_(None), KeyRow.expires_at > now),
        ]
        if name is not None:
            wanted.append(KeyRow.name == name)
        return self._find(*wanted)

    def all(self) -> list[StoredKey]:
        """Return every key that there ever was, oldest first."""
        return self._find()

    def named(self, shown: str) -> list[StoredKey]:
        """Return the keys whose id or prefix is *shown*."""
        return self._find(or_(KeyRow.id == shown, KeyRow.prefix == shown))

    def any(self) -> bool:
        """Say whether there ever was a key."""
        return bool(self._session.scalar(select(exists(select(KeyRow.id)))))

    def in_force(self) -> bool:
        """Say whether there ever was one that a person made, or the environment."""
        made = or_(KeyRow.made_by.is_(None), KeyRow.made_by != BY_START)
        return bool(self._session.scalar(select(exists(select(KeyRow.id).where(made)))))

    def revoke(self, key_id: str, now: datetime) -> None:
        """Let the key open nothing any more; one that was revoked stays as it is."""
        self._session.execute(
            update(KeyRow)
            .where(KeyRow.id == key_id, KeyRow.revoked_at.is_(None))
            .values(revoked_at=now)
        )

    def note_use(self, used: Mapping[str, datetime]) -> None:
        """Remember when each key was last used."""
        for key_id, at in used.items():
            self._session.execute(
                update(KeyRow).where(KeyRow.id == key_id).values(last_used_at=at)
            )

    def _find(self, *wanted: ColumnElement[bool]) -> list[StoredKey]:
        query = select(KeyRow).where(*wanted).order_by(KeyRow.created_at, KeyRow.id)
        return [_stored(row) for row in self._session.scalars(query)]


def _stored(row: KeyRow) -> StoredKey:
    return StoredKey(
        id=row.id,
        name=row.name,
        prefix=row.prefix,
        digest=row.digest,
        scopes=tuple(row.scopes),
        role=row.role,
        queues=None if row.queues is None else tuple(row.queues),
        made_by=row.made_by,
        created_at=row.created_at,
        expires_at=row.expires_at,
        revoked_at=row.revoked_at,
        last_used_at=row.last_used_at,
    )
