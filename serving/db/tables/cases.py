"""Cases, who has them, and what was decided."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Boolean, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from serving.db.tables.base import Base, BigId

_OPEN = "state = 'open'"


class CaseRow(Base):
    """
    A stored flag under review: one post, or a cluster of copies.

    ``rank`` is the logarithm of its priority less what is the same for all; so the
    order of cases does not change as they age (see ``serving.review.priority``).
    ``stage`` is ``first``, ``second`` (blind), or ``adjudication`` (by a lead).
    ``lease_token`` counts who had it: only the holder of the last number may act.
    """

    __tablename__ = "cases"
    __table_args__ = (
        Index(
            "ix_cases_open_rank",
            "queue",
            "stage",
            "rank",
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
        Index(
            "ix_cases_open_chance",
            "queue",
            "stage",
            "chance",
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
        Index("ix_cases_created", "created_at", "id"),
        Index(
            "ix_cases_golden",
            "golden_id",
            sqlite_where="golden_id IS NOT NULL",
            postgresql_where="golden_id IS NOT NULL",
        ),
    )

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    version: Mapped[int] = mapped_column(Integer)
    state: Mapped[str] = mapped_column(String(16))
    stage: Mapped[str] = mapped_column(String(16))
    queue: Mapped[str] = mapped_column(String(64))
    label: Mapped[str | None] = mapped_column(String(16))
    flagged: Mapped[list[str]]
    language: Mapped[str] = mapped_column(String(8))
    origin: Mapped[str] = mapped_column(String(16))
    origins: Mapped[dict[str, int]]
    clocks: Mapped[dict[str, str]]
    post_id: Mapped[str] = mapped_column(String(64))
    cluster_id: Mapped[int | None] = mapped_column(BigInteger)
    author: Mapped[str | None] = mapped_column(String(64))
    n_posts: Mapped[int] = mapped_column(Integer)
    n_reports: Mapped[int] = mapped_column(Integer)
    is_audit: Mapped[bool] = mapped_column(Boolean)
    golden_id: Mapped[str | None] = mapped_column(String(64))
    priority: Mapped[dict[str, float]]
    rank: Mapped[float]
    chance: Mapped[float]
    created_at: Mapped[datetime]
    deadline_at: Mapped[datetime]
    decided_at: Mapped[datetime | None] = mapped_column(index=True)
    decision_id: Mapped[str | None] = mapped_column(String(64))
    escalated: Mapped[str | None] = mapped_column(String(32))
    holder: Mapped[str | None] = mapped_column(String(40), index=True)
    lease_token: Mapped[int] = mapped_column(Integer)
    lease_ends_at: Mapped[datetime | None]


class LeaseRow(Base):
    """
    That somebody had a case; kept for budgets of exposure and times per decision.

    ``drawn`` says how it came to them: by ``priority``, at ``random``, as a ``golden``
    item, or ``asked`` for. With ``is_blind`` they see no scores before they decide.
    """

    __tablename__ = "leases"
    __table_args__ = (Index("ix_leases_person", "person", "taken_at"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    case_id: Mapped[str] = mapped_column(String(64), index=True)
    person: Mapped[str] = mapped_column(String(40))
    token: Mapped[int] = mapped_column(Integer)
    author: Mapped[str | None] = mapped_column(String(64))
    drawn: Mapped[str] = mapped_column(String(16))
    is_blind: Mapped[bool] = mapped_column(Boolean)
    taken_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended: Mapped[str | None] = mapped_column(String(16))
    reason: Mapped[str | None] = mapped_column(String(32))


class CommentRow(Base):
    """What a person noted on a case, for those who come after."""

    __tablename__ = "case_comments"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    case_id: Mapped[str] = mapped_column(String(64), index=True)
    person: Mapped[str] = mapped_column(String(40))
    text: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]


class DecisionRow(Base):
    """
    What a person decided; rows are added, never changed, and the database sees to it.

    ``stage`` is that of the case, or ``golden`` or ``appeal``. Of a double review only
    the row that settles it ``is_final``. One that ``reverses`` another has the kind
    ``reverse``, and takes back what that meant for all copies.
    """

    __tablename__ = "decisions"
    __table_args__ = (Index("ix_decisions_created", "created_at", "id"),)

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    case_id: Mapped[str] = mapped_column(String(64), index=True)
    post_id: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(16))
    outcome: Mapped[str] = mapped_column(String(16))
    labels: Mapped[list[str]]
    clause: Mapped[str | None] = mapped_column(String(64))
    reason_code: Mapped[str] = mapped_column(String(64))
    note: Mapped[str | None] = mapped_column(Text)
    stage: Mapped[str] = mapped_column(String(16))
    is_final: Mapped[bool] = mapped_column(Boolean)
    is_blind: Mapped[bool] = mapped_column(Boolean)
    reverses: Mapped[str | None] = mapped_column(String(64), index=True)
    person: Mapped[str] = mapped_column(String(40), index=True)
    lease_token: Mapped[int | None] = mapped_column(Integer)
    n_posts: Mapped[int] = mapped_column(Integer)
    text_digest: Mapped[str] = mapped_column(String(64))
    model_digest: Mapped[str] = mapped_column(String(128))
    policy_version: Mapped[str] = mapped_column(String(128))
    review_policy_digest: Mapped[str] = mapped_column(String(64))
    scores: Mapped[dict[str, float]]
    facts: Mapped[dict[str, Any]]
    spent_s: Mapped[float | None]
    created_at: Mapped[datetime]


class GoldenRow(Base):
    """
    A post whose right answer is known, to see how well people agree with it.

    All that a reviewer is shown of a post is copied: the post itself may be forgotten.
    """

    __tablename__ = "golden_items"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    queue: Mapped[str] = mapped_column(String(64), index=True)
    post_id: Mapped[str] = mapped_column(String(64))
    text: Mapped[str] = mapped_column(Text)
    text_digest: Mapped[str] = mapped_column(String(64))
    language: Mapped[str] = mapped_column(String(8))
    label: Mapped[str | None] = mapped_column(String(16))
    flagged: Mapped[list[str]]
    scores: Mapped[dict[str, float]]
    reasons: Mapped[list[dict[str, Any]]]
    model_digest: Mapped[str] = mapped_column(String(128))
    policy_version: Mapped[str] = mapped_column(String(128))
    kind: Mapped[str] = mapped_column(String(16))
    labels: Mapped[list[str]]
    made_by: Mapped[str] = mapped_column(String(40))
    created_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]
