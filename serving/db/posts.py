"""Stored posts: every query about them, but how they come in and go."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from serving.db.tables import CaseRow, DecisionRow, PostRow


@dataclass(frozen=True, slots=True)
class Standing:
    """
    What was decided on a post, and was not taken back.

    Attributes:
        outcome: What the decision recommends, or why there is nothing to do.
        basis: ``reviewed`` if a person looked at this post, ``copy`` if at one that is
            nearly the same.
        at: When.
    """

    outcome: str
    basis: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredPost:
    """
    A text and what was said about it, apart from any session.

    Attributes:
        text: None once it was forgotten.
        state: Of its case, if there is one.
        decision: What stands, if anything was decided.
    """

    id: str
    text: str | None
    scores: dict[str, float]
    recommendation: str
    model_digest: str
    policy_version: str
    created_at: datetime
    case_id: str | None = None
    state: str | None = None
    decision: Standing | None = None
    forgotten: bool = False


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
        """Return a post, with what became of it; None if there is none."""
        query = (
            select(PostRow, CaseRow.state, DecisionRow)
            .outerjoin(CaseRow, CaseRow.id == PostRow.case_id)
            .outerjoin(DecisionRow, DecisionRow.id == CaseRow.decision_id)
            .where(PostRow.id == post_id)
        )
        found = self._session.execute(query).first()
        if found is None:
            return None
        row, state, decision = found
        return StoredPost(
            id=row.id,
            text=None if row.forgotten_at else row.text,
            scores=row.scores,
            recommendation=row.recommendation,
            model_digest=row.model_digest,
            policy_version=row.policy_version,
            created_at=row.created_at,
            case_id=row.case_id,
            state=state,
            decision=_standing(row, decision),
            forgotten=row.forgotten_at is not None,
        )


def _standing(post: PostRow, decision: DecisionRow | None) -> Standing | None:
    if decision is None:
        return None
    basis = "reviewed" if decision.post_id == post.id else "copy"
    return Standing(decision.outcome, basis, decision.created_at)
