"""Stored posts: every query about them."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import CursorResult, delete
from sqlalchemy.orm import Session

from serving.db.tables import PostRow


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredPost:
    """A text and what was said about it, apart from any session."""

    id: str
    text: str
    scores: dict[str, float]
    recommendation: str
    model_digest: str
    policy_version: str
    created_at: datetime


class Posts:
    """The posts of one session; the caller commits."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(
        self,
        *,
        text: str,
        scores: dict[str, float],
        recommendation: str,
        model_digest: str,
        policy_version: str,
        created_at: datetime,
    ) -> str:
        """Store a text with its scores and return its id."""
        post_id = f"post_{uuid.uuid4().hex}"
        self._session.add(
            PostRow(
                id=post_id,
                # PostgreSQL keeps no NUL; one character for one keeps the offsets.
                text=text.replace("\0", "\ufffd"),
                scores=scores,
                recommendation=recommendation,
                model_digest=model_digest,
                policy_version=policy_version,
                created_at=created_at,
            )
        )
        return post_id

    def get(self, post_id: str) -> StoredPost | None:
        """Return a post, None if there is none."""
        row = self._session.get(PostRow, post_id)
        if row is None:
            return None
        return StoredPost(
            id=row.id,
            text=row.text,
            scores=row.scores,
            recommendation=row.recommendation,
            model_digest=row.model_digest,
            policy_version=row.policy_version,
            created_at=row.created_at,
        )

    def purge(self, before: datetime) -> int:
        """Forget every post older than *before* and return how many there were."""
        result = self._session.execute(
            delete(PostRow).where(PostRow.created_at < before)
        )
        return result.rowcount if isinstance(result, CursorResult) else 0
