"""Messages for the addresses that are told: every query about them."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import CursorResult, delete, func, select, tuple_, update
from sqlalchemy.orm import Session

from serving.db.tables import DeliveryRow

WAITING, DELIVERED, DEAD = "waiting", "delivered", "dead"
Place = tuple[datetime, str]
"""When a message was written, and its id: where it stands in a list."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A message for one address, apart from any session."""

    id: str
    endpoint_id: str
    event: str
    payload: dict[str, Any]
    state: str
    n_tries: int
    next_at: datetime
    created_at: datetime
    ended_at: datetime | None
    last_status: int | None
    last_error: str | None


@dataclass(frozen=True, slots=True)
class Try:
    """How it went to send a message, once; with neither it arrived."""

    status: int | None
    error: str | None


class Deliveries:
    """The messages, through one session; the caller commits."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(
        self, endpoint_id: str, event: str, payload: Mapping[str, Any], now: datetime
    ) -> str:
        """Let *payload* wait to be sent, and return the id of the message."""
        message_id = f"msg_{uuid.uuid4().hex}"
        row = DeliveryRow(
            id=message_id,
            endpoint_id=endpoint_id,
            event=event,
            payload=dict(payload),
            state=WAITING,
            n_tries=0,
            next_at=now,
            created_at=now,
        )
        self._session.add(row)
        return message_id

    def get(self, message_id: str, *, lock: bool = False) -> Delivery | None:
        """Return one; nobody else changes it until the commit if it is to *lock*."""
        row = self._session.get(DeliveryRow, message_id, with_for_update=lock)
        return _delivery(row) if row else None

    def endpoint_of(self, message_id: str) -> str | None:
        """Return the id of the address that a message is for."""
        query = select(DeliveryRow.endpoint_id).where(DeliveryRow.id == message_id)
        return self._session.scalar(query)

    def page(
        self, *, state: str | None, after: Place | None, limit: int
    ) -> list[Delivery]:
        """Return up to *limit* of them, the newest first, from *after* on."""
        query = select(DeliveryRow)
        if state:
            query = query.where(DeliveryRow.state == state)
        place = tuple_(DeliveryRow.created_at, DeliveryRow.id)
        if after:
            query = query.where(place < after)
        newest = query.order_by(DeliveryRow.created_at.desc(), DeliveryRow.id.desc())
        return [_delivery(x) for x in self._session.scalars(newest.limit(limit))]

    def lease(
        self, endpoint_id: str, now: datetime, until: datetime, limit: int
    ) -> list[Delivery]:
        """
        Take up to *limit* due ones; until then nobody else takes them.

        The try is counted here: one that ends the process is counted, too.
        """
        due = (
            select(DeliveryRow)
            .where(
                DeliveryRow.endpoint_id == endpoint_id,
                DeliveryRow.state == WAITING,
                DeliveryRow.next_at <= now,
            )
            .order_by(DeliveryRow.next_at)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        rows = list(self._session.scalars(due))
        for row in rows:
            row.n_tries += 1
            row.next_at = until
        self._session.flush()
        return [_delivery(x) for x in rows]

    def note(
        self,
        sent: Delivery,
        result: Try,
        *,
        state: str,
        next_at: datetime | None,
        now: datetime,
    ) -> bool:
        """Write how the try went, unless another replica took the message since."""
        noted = self._session.execute(
            update(DeliveryRow)
            .where(
                DeliveryRow.id == sent.id,
                DeliveryRow.state == WAITING,
                DeliveryRow.n_tries == sent.n_tries,
            )
            .values(
                state=state,
                next_at=next_at or DeliveryRow.next_at,
                ended_at=None if state == WAITING else now,
                last_status=result.status,
                last_error=result.error,
            )
        )
        return _n(noted) > 0

    def kill(self, endpoint_id: str, error: str, now: datetime) -> int:
        """Let nothing wait for an address any more; it may be sent again later."""
        killed = self._session.execute(
            update(DeliveryRow)
            .where(DeliveryRow.endpoint_id == endpoint_id, DeliveryRow.state == WAITING)
            .values(state=DEAD, ended_at=now, last_error=error)
        )
        return _n(killed)

    def revive(self, message_id: str, now: datetime) -> Delivery:
        """Send one again as if it were new; its id stays."""
        row = self._session.get_one(DeliveryRow, message_id)
        row.state, row.n_tries = WAITING, 0
        row.next_at, row.ended_at = now, None
        self._session.flush()
        return _delivery(row)

    def revive_dead(self, endpoint_id: str, now: datetime) -> int:
        """Send all dead ones of an address again, and return how many there are."""
        revived = self._session.execute(
            update(DeliveryRow)
            .where(DeliveryRow.endpoint_id == endpoint_id, DeliveryRow.state == DEAD)
            .values(state=WAITING, n_tries=0, next_at=now, ended_at=None)
        )
        return _n(revived)

    def forget(self, before: datetime) -> int:
        """Delete those that ended before, and return how many there were."""
        return _n(
            self._session.execute(
                delete(DeliveryRow).where(
                    DeliveryRow.state != WAITING, DeliveryRow.ended_at < before
                )
            )
        )

    def count(self) -> dict[str, int]:
        """Return how many wait, and how many are dead."""
        counts = self._session.execute(
            select(DeliveryRow.state, func.count().label("n"))
            .where(DeliveryRow.state.in_((WAITING, DEAD)))
            .group_by(DeliveryRow.state)
        )
        return {WAITING: 0, DEAD: 0} | {x.state: x.n for x in counts}


def _n(result: object) -> int:
    return result.rowcount if isinstance(result, CursorResult) else 0


def _delivery(row: DeliveryRow) -> Delivery:
    return Delivery(
        id=row.id,
        endpoint_id=row.endpoint_id,
        event=row.event,
        payload=row.payload,
        state=row.state,
        n_tries=row.n_tries,
        next_at=row.next_at,
        created_at=row.created_at,
        ended_at=row.ended_at,
        last_status=row.last_status,
        last_error=row.last_error,
    )
