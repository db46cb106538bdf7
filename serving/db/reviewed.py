"""Posts as a decision names them: every query about that."""

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from serving.db.tables import PostRow


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewedPost:
    """What is kept of a post that a decision is about; ``text`` may be forgotten."""

    id: str
    case_id: str | None
    source: str | None
    external_id: str | None
    revision: str | None
    text: str
    text_digest: str | None
    language: str | None
    flagged: list[str] | None
    scores: dict[str, float]
    reasons: list[dict[str, Any]] | None
    model_digest: str
    policy_version: str
    forgotten_at: datetime | None

    @property
    def key(self) -> dict[str, str | None]:
        """How its source knows it; without the parts that were forgotten."""
        return {
            "id": self.id,
            "source": self.source,
            "external_id": self.external_id,
            "revision": self.revision,
        }


_COLUMNS = [getattr(PostRow, x.name) for x in fields(ReviewedPost)]


class Reviewed:
    """The posts that decisions are about, through one session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def post(self, post_id: str) -> ReviewedPost | None:
        """Return a post, None if there is none any more."""
        if "\0" in post_id:
            return None
        query = select(*_COLUMNS).where(PostRow.id == post_id)
        row = self._session.execute(query).first()
        return ReviewedPost(**row._mapping) if row else None  # noqa: SLF001 -- it has no other name
