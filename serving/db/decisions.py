"""What people decided: every query about it."""

import uuid
from collections.abc import Collection
from dataclasses import asdict, dataclass, field, fields
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from serving.db.tables import DecisionRow

REVERSE = "reverse"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """
    A decision as it was written; it never changes.

    Attributes:
        lease_token: The one it was made under. A reversal has that which the case had
            then, so that what came before it can be told from what came after.
        facts: How the case stood: where it came from, how it was drawn, what the
            machine had flagged.
    """

    id: str
    case_id: str
    post_id: str
    kind: str
    outcome: str
    labels: list[str]
    clause: str | None
    reason_code: str
    note: str | None
    stage: str
    is_final: bool
    is_blind: bool
    reverses: str | None = None
    person: str
    lease_token: int | None
    n_posts: int
    text_digest: str
    model_digest: str
    policy_version: str
    review_policy_digest: str
    scores: dict[str, float]
    facts: dict[str, Any] = field(default_factory=dict)
    spent_s: float | None = None
    created_at: datetime

    @property
    def token(self) -> int:
        """The number of the lease, 0 for one that needed none."""
        return self.lease_token or 0

    @property
    def is_undo(self) -> bool:
        """Whether a person took back an answer of their own, and goes on with it."""
        return self.kind == REVERSE and bool(self.facts.get("undo"))


class Decisions:
    """The decisions of one session; the caller commits."""

    def __init__(self, session: Session) -> None:
        self._session = session

    @staticmethod
    def new_id() -> str:
        """Return an id that no other has."""
        return f"dec_{uuid.uuid4().hex}"

    def add(self, decision: Decision) -> None:
        """Write *decision*, for good."""
        self._session.add(DecisionRow(**asdict(decision)))
        self._session.flush()

    def get(self, decision_id: str) -> Decision | None:
        """Return a decision, None if there is none."""
        if "\0" in decision_id:
            return None
        row = self._session.get(DecisionRow, decision_id)
        return _decision(row) if row else None

    def of(self, case_id: str) -> list[Decision]:
        """Return all that was decided on a case, oldest first."""
        query = select(DecisionRow).where(DecisionRow.case_id == case_id)
        rows = [_decision(x) for x in self._session.scalars(query)]
        # What is reversed comes before its reversal, also within one moment.
        return sorted(rows, key=lambda x: (x.created_at, x.token, x.kind == REVERSE))

    def reversal_of(self, decision_id: str) -> Decision | None:
        """Return what took a decision back, None if nothing did."""
        query = select(DecisionRow).where(DecisionRow.reverses == decision_id)
        row = self._session.scalars(query).first()
        return _decision(row) if row else None

    def reversed_among(self, decision_ids: Collection[str]) -> set[str]:
        """Return those of *decision_ids* that were taken back."""
        query = select(DecisionRow.reverses).where(
            DecisionRow.reverses.in_(decision_ids)
        )
        return {x for x in self._session.scalars(query) if x is not None}

    def round_of(self, case_id: str) -> list[Decision]:
        """
        Return the answers that count in the present round of a case, oldest first.

        A reversal ends a round; an answer that its person took back is none.
        """
        return round_of(self.of(case_id))


def round_of(decisions: list[Decision]) -> list[Decision]:
    """Return those of the *decisions* on a case that count in its present round."""
    undone = {x.reverses for x in decisions}
    ends = [x.token for x in decisions if x.kind == REVERSE and not x.is_undo]
    return [
        x
        for x in decisions
        if x.kind != REVERSE and x.id not in undone and x.token > max(ends, default=-1)
    ]


def _decision(row: DecisionRow) -> Decision:
    return Decision(**{x.name: getattr(row, x.name) for x in fields(Decision)})
