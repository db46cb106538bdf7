"""What is shown of the posts of a case: every query about it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from serving.db.tables import PostRow, ReportRow


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownPost:
    """A post as its reviewers see it; of a forgotten one ``text`` is None."""

    id: str
    text: str | None
    scores: dict[str, float]
    flagged: list[str]
    reasons: list[dict[str, Any]]
    policy_version: str
    context: dict[str, str] | None
    permalink: str | None
    source: str | None
    posted_at: datetime | None


@dataclass(frozen=True, slots=True)
class ShownCopy:
    """Another post of the case."""

    id: str
    source: str | None
    posted_at: datetime | None


@dataclass(frozen=True, slots=True)
class ShownReport:
    """What a user said of a post of the case."""

    reason: str
    note: str | None
    at: datetime


class Shown:
    """The posts of cases, through one session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def post(self, post_id: str) -> ShownPost | None:
        """Return a post, None if there is none any more."""
        row = self._session.get(PostRow, post_id)
        if row is None:
            return None
        is_forgotten = row.forgotten_at is not None
        return ShownPost(
            id=row.id,
            text=None if is_forgotten else row.text,
            scores=row.scores,
            flagged=row.flagged or [],
            # They quote the text.
            reasons=[] if is_forgotten else row.reasons or [],
            policy_version=row.policy_version,
            context=None if is_forgotten else row.context,
            permalink=None if is_forgotten else row.permalink,
            source=row.source,
            posted_at=row.posted_at,
        )

    def copies(self, case_id: str, but: str, limit: int) -> list[ShownCopy]:
        """Return up to *limit* posts of a case *but* one, the first to come first."""
        rows = self._session.execute(
            select(PostRow.id, PostRow.source, PostRow.posted_at)
            .where(PostRow.case_id == case_id, PostRow.id != but)
            .order_by(PostRow.created_at, PostRow.id)
            .limit(limit)
        )
        return [ShownCopy(*x) for x in rows]

    def reports(self, case_id: str, limit: int) -> list[ShownReport]:
        """Return up to *limit* reports of the posts of a case, newest first."""
        rows = self._session.execute(
            select(ReportRow.reason, ReportRow.note, ReportRow.reported_at)
            .join(PostRow, PostRow.id == ReportRow.post_id)
            .where(PostRow.case_id == case_id)
            .order_by(ReportRow.reported_at.desc(), ReportRow.id.desc())
            .limit(limit)
        )
        return [ShownReport(*x) for x in rows]
