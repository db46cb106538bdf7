"""Decisions to be handed out, without texts or persons: every query about that."""

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, and_, case, func, or_, select, tuple_
from sqlalchemy.orm import Session, aliased

from serving.db.decisions import REVERSE
from serving.db.tables import CaseRow, DecisionRow, LeaseRow, PostRow
from serving.db.walking import within

GOLDEN = "golden"
Place = tuple[datetime, str]
"""A moment, and what tells rows of one moment apart: where a row stands in a list."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionFact:
    """
    A decision, or an answer that settled nothing, without who made it.

    Attributes:
        facts: How the case stood.
        received_at: When the case was opened by its first post.
        taken_at: When the person who answered took it.
        is_reversed: Whether it was taken back since.
        is_undone: Whether its own person did, within minutes: then it is no answer.
    """

    id: str
    case_id: str
    post_id: str
    kind: str
    outcome: str
    labels: list[str]
    clause: str | None
    reason_code: str
    stage: str
    is_final: bool
    is_blind: bool
    reverses: str | None
    n_posts: int
    scores: dict[str, float]
    model_digest: str
    policy_version: str
    review_policy_digest: str
    spent_s: float | None
    created_at: datetime
    facts: dict[str, Any]
    received_at: datetime | None
    taken_at: datetime | None
    is_reversed: bool
    is_undone: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Restriction:
    """A post for which a decision that upholds stands, since the moment *at*."""

    at: datetime
    decision_id: str
    post_id: str
    content_at: datetime
    language: str | None
    outcome: str
    labels: list[str]
    clause: str | None
    reason_code: str
    n_posts: int
    facts: dict[str, Any]

    @property
    def place(self) -> Place:
        """Where it stands in a list."""
        return self.at, f"{self.decision_id} {self.post_id}"


class Exports:
    """Decisions, through one session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def decision_page(
        self, since: datetime, until: datetime, after: Place | None, limit: int
    ) -> list[DecisionFact]:
        """Return up to *limit* of them after a place, without golden items."""
        made = within(DecisionRow.created_at, since, until)
        query = _decisions().where(DecisionRow.stage != GOLDEN, made)
        place = (DecisionRow.created_at, DecisionRow.id)
        if after:
            query = query.where(tuple_(*place) > after)
        rows = self._session.execute(query.order_by(*place).limit(limit))
        return [_decision(x) for x in rows]

    def restrictions(
        self, since: datetime, until: datetime, after: Place | None, limit: int
    ) -> list[Restriction]:
        """
        Return up to *limit* posts that a decision holds for since then, oldest first.

        A copy that came after the decision is restricted from when it came.
        """
        is_copy = PostRow.created_at > DecisionRow.created_at
        at = case((is_copy, PostRow.created_at), else_=DecisionRow.created_at)
        query = (
            select(at.label("at"), *_RESTRICTED)
            .join(CaseRow, CaseRow.decision_id == DecisionRow.id)
            .join(PostRow, PostRow.case_id == CaseRow.id)
            .where(
                DecisionRow.is_final.is_(True),
                DecisionRow.kind == "uphold",
                DecisionRow.stage != GOLDEN,
                at >= since,
                at < until,
                # The same again, for the indexes.
                or_(DecisionRow.created_at >= since, PostRow.created_at >= since),
                DecisionRow.created_at < until,
            )
        )
        place = (at, DecisionRow.id, PostRow.id)
        if after:
            query = query.where(tuple_(*place) > (after[0], *_ids(after[1])))
        rows = self._session.execute(query.order_by(*place).limit(limit))
        return [_restriction(x) for x in rows]


_MADE = ("received_at", "taken_at", "is_reversed", "is_undone")
_DECISION_COLUMNS = [x.name for x in fields(DecisionFact) if x.name not in _MADE]
_RESTRICTED = (
    DecisionRow.id.label("decision_id"),
    PostRow.id.label("post_id"),
    func.coalesce(PostRow.posted_at, PostRow.created_at).label("content_at"),
    PostRow.language,
    DecisionRow.outcome,
    DecisionRow.labels,
    DecisionRow.clause,
    DecisionRow.reason_code,
    DecisionRow.n_posts,
    DecisionRow.facts,
)


def _decisions() -> Select[Any]:
    """Return the query for decisions with what became of them."""
    reversal = aliased(DecisionRow)
    # A row has one reversal at most, and one lease: nothing is doubled by the joins.
    return (
        select(
            *(getattr(DecisionRow, x) for x in _DECISION_COLUMNS),
            CaseRow.created_at.label("received_at"),
            LeaseRow.taken_at,
            reversal.id.label("reversal_id"),
            reversal.facts.label("reversal_facts"),
        )
        .outerjoin(CaseRow, CaseRow.id == DecisionRow.case_id)
        .outerjoin(
            LeaseRow,
            and_(
                LeaseRow.case_id == DecisionRow.case_id,
                LeaseRow.token == DecisionRow.lease_token,
                DecisionRow.kind != REVERSE,
            ),
        )
        .outerjoin(reversal, reversal.reverses == DecisionRow.id)
    )


def _decision(row: Row[Any]) -> DecisionFact:
    undone = bool((row.reversal_facts or {}).get("undo"))
    return DecisionFact(
        **{x: getattr(row, x) for x in _DECISION_COLUMNS},
        received_at=row.received_at,
        taken_at=row.taken_at,
        is_reversed=row.reversal_id is not None,
        is_undone=undone,
    )


def _restriction(row: Row[Any]) -> Restriction:
    return Restriction(**{x.name: getattr(row, x.name) for x in fields(Restriction)})


def _ids(said: str) -> tuple[str, str]:
    decision_id, _, post_id = said.partition(" ")
    return decision_id, post_id
