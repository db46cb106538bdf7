"""Addresses that are told: every query about them."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from serving.db.tables import DeliveryRow, EndpointRow


@dataclass(frozen=True, slots=True)
class SigningSecret:
    """
    What messages are signed by.

    Attributes:
        value: ``whsec_`` and base64.
        ends_at: When it is not used any more, because another took over.
    """

    value: str
    ends_at: datetime | None = None

    def __repr__(self) -> str:
        """Never show it."""
        return "SigningSecret(…)"

    @classmethod
    def read(cls, stored: dict[str, str | None]) -> Self:
        """Return what ``stored`` made."""
        ends_at = stored["ends_at"]
        ends = datetime.fromisoformat(ends_at) if ends_at else None
        return cls(str(stored["value"]), ends)

    def has_ended(self, at_s: float) -> bool:
        """Say whether it signs nothing any more *at_s* (Unix time)."""
        return self.ends_at is not None and self.ends_at.timestamp() <= at_s

    def stored(self) -> dict[str, str | None]:
        """Return what is kept in the row."""
        ends_at = self.ends_at.isoformat() if self.ends_at else None
        return {"value": self.value, "ends_at": ends_at}


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """An address that wants to be told, apart from any session."""

    id: str
    url: str
    events: tuple[str, ...]
    secrets: tuple[SigningSecret, ...]
    created_at: datetime
    disabled_at: datetime | None


class Endpoints:
    """The addresses, through one session; the caller commits."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(
        self,
        *,
        url: str,
        events: Sequence[str],
        secret: SigningSecret,
        made_by: str,
        now: datetime,
    ) -> Endpoint:
        """Store an address."""
        row = EndpointRow(
            id=f"whk_{uuid.uuid4().hex}",
            url=url,
            events=list(dict.fromkeys(events)),
            secrets=[secret.stored()],
            made_by=made_by,
            created_at=now,
        )
        self._session.add(row)
        self._session.flush()
        return _endpoint(row)

    def get(self, endpoint_id: str, *, lock: bool = False) -> Endpoint | None:
        """Return one; nobody else changes it until the commit if it is to *lock*."""
        row = self._session.get(EndpointRow, endpoint_id, with_for_update=lock)
        return _endpoint(row) if row else None

    def all(self) -> list[Endpoint]:
        """Return every one that there ever was, oldest first."""
        order = (EndpointRow.created_at, EndpointRow.id)
        return [
            _endpoint(x)
            for x in self._session.scalars(select(EndpointRow).order_by(*order))
        ]

    def wanting(self, event: str) -> list[str]:
        """Return the ids of those that are to be told of *event*."""
        live = select(EndpointRow).where(EndpointRow.disabled_at.is_(None))
        return [x.id for x in self._session.scalars(live) if event in x.events]

    def due(self, now: datetime) -> list[str]:
        """Return the ids of those for which there is something to send."""
        waits = exists().where(
            DeliveryRow.endpoint_id == EndpointRow.id,
            DeliveryRow.state == "waiting",
            DeliveryRow.next_at <= now,
        )
        live = select(EndpointRow.id).where(EndpointRow.disabled_at.is_(None), waits)
        return list(self._session.scalars(live))

    def set_secrets(self, endpoint_id: str, secrets: Sequence[SigningSecret]) -> None:
        """Let its messages be signed by *secrets*."""
        row = self._session.get_one(EndpointRow, endpoint_id)
        row.secrets = [x.stored() for x in secrets]

    def set_disabled(self, endpoint_id: str, at: datetime | None) -> Endpoint:
        """Let it be told nothing any more, or with None be told again."""
        row = self._session.get_one(EndpointRow, endpoint_id)
        row.disabled_at = at
        return _endpoint(row)


def _endpoint(row: EndpointRow) -> Endpoint:
    return Endpoint(
        id=row.id,
        url=row.url,
        events=tuple(row.events),
        secrets=tuple(SigningSecret.read(x) for x in row.secrets),
        created_at=row.created_at,
        disabled_at=row.disabled_at,
    )
