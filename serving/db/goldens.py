"""Posts whose right answer is known: every query about them."""

import uuid
from collections.abc import Collection
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import literal, select, tuple_, update
from sqlalchemy.orm import Session

from serving.db.tables import GoldenRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Golden:
    """
    A golden item: what a reviewer is shown of it, and the answer that is right.

    Attributes:
        post_id: The post that it was copied from; it may be forgotten since.
        kind: ``uphold`` or ``dismiss``.
        labels: Those that an answer may uphold; one of them is enough.
    """

    id: str
    queue: str
    post_id: str
    text: str
    text_digest: str
    language: str
    label: str | None
    flagged: list[str]
    scores: dict[str, float]
    reasons: list[dict[str, Any]]
    model_digest: str
    policy_version: str
    kind: str
    labels: list[str]
    made_by: str
    created_at: datetime
    retired_at: datetime | None = None


class Goldens:
    """The golden items of one session; the caller commits."""

    def __init__(self, session: Session) -> None:
        self._session = session

    @staticmethod
    def new_id() -> str:
        """Return an id that no other has."""
        return f"gold_{uuid.uuid4().hex}"

    def add(self, golden: Golden) -> None:
        """Store *golden*."""
        self._session.add(GoldenRow(**asdict(golden)))
        self._session.flush()

    def get(self, golden_id: str) -> Golden | None:
        """Return a golden item, retired or not."""
        if "\0" in golden_id:
            return None
        row = self._session.get(GoldenRow, golden_id)
        return _golden(row) if row else None

    def live(self, queue: str) -> list[str]:
        """Return the ids of those of *queue* that are still given to people."""
        query = select(GoldenRow.id).where(
            GoldenRow.queue == queue, GoldenRow.retired_at.is_(None)
        )
        return list(self._session.scalars(query.order_by(GoldenRow.id)))

    def page(
        self,
        queues: Collection[str] | None,
        after: tuple[datetime, str] | None,
        limit: int,
    ) -> list[Golden]:
        """Return up to *limit* of those in *queues* that come *after*, newest first."""
        query = select(GoldenRow)
        if queues is not None:
            query = query.where(GoldenRow.queue.in_(queues))
        if after is not None:
            place = tuple_(GoldenRow.created_at, GoldenRow.id)
            at, golden_id = after
            last = tuple_(literal(at, GoldenRow.created_at.type), golden_id)
            query = query.where(place < last)
        newest = (GoldenRow.created_at.desc(), GoldenRow.id.desc())
        rows = self._session.scalars(query.order_by(*newest).limit(limit))
        return [_golden(x) for x in rows]

    def retire(self, golden_id: str, at: datetime) -> None:
        """Give it to nobody any more; what was answered stays."""
        self._session.execute(
            update(GoldenRow)
            .where(GoldenRow.id == golden_id, GoldenRow.retired_at.is_(None))
            .values(retired_at=at)
        )


def _golden(row: GoldenRow) -> Golden:
    return Golden(**{x.name: getattr(row, x.name) for x in fields(Golden)})
