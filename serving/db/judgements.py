"""What people answered in a time, to be counted: every query about it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from serving.db.decisions import REVERSE
from serving.db.tables import AppealRow, DecisionRow, GoldenRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """
    An answer of a person, and what became of it.

    Attributes:
        facts: How the case stood.
        is_reversed: Whether somebody else took it back, or an appeal did. Those that
            their own person took back are no answers, and not among them.
    """

    id: str
    case_id: str
    kind: str
    outcome: str
    labels: frozenset[str]
    stage: str
    is_final: bool
    is_blind: bool
    person: str
    spent_s: float | None
    created_at: datetime
    facts: dict[str, Any]
    is_reversed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AnsweredAppeal:
    """An appeal that was answered, with the decision that it was against."""

    is_overturned: bool
    labels: frozenset[str]
    outcome: str
    facts: dict[str, Any]
    next_outcome: str | None
    """Of what took the place of the decision, if anything did."""


class Judgements:
    """The answers that one session sees."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def between(self, since: datetime, until: datetime) -> list[Judgement]:
        """Return the answers from *since* to before *until*, oldest first."""
        return self._read(_within(DecisionRow.created_at, since, until))

    def of_pairs(self, since: datetime, until: datetime) -> list[Judgement]:
        """Return all answers on the cases whose second one was given in that time."""
        cases = select(DecisionRow.case_id).where(
            DecisionRow.stage == "second",
            DecisionRow.kind != REVERSE,
            _within(DecisionRow.created_at, since, until),
        )
        return self._read(DecisionRow.case_id.in_(cases))

    def appeals(self, since: datetime, until: datetime) -> list[AnsweredAppeal]:
        """Return the appeals that were answered in that time."""
        answered = (
            AppealRow.state != "open",
            _within(AppealRow.decided_at, since, until),
        )
        found = self._session.execute(
            select(AppealRow.id, AppealRow.state, *_SAID)
            .join(DecisionRow, DecisionRow.id == AppealRow.decision_id)
            .where(*answered)
            .order_by(AppealRow.decided_at, AppealRow.id)
        ).all()
        next_ones = self._session.execute(
            select(DecisionRow.outcome, DecisionRow.facts)
            .where(DecisionRow.stage == "appeal", DecisionRow.kind != REVERSE)
            .where(DecisionRow.case_id.in_(select(AppealRow.case_id).where(*answered)))
        )
        replaced = {x.facts["appeal"]: x.outcome for x in next_ones}
        return [
            AnsweredAppeal(
                is_overturned=x.state == "overturned",
                labels=frozenset(x.labels or x.facts.get("flagged", ())),
                outcome=x.outcome,
                facts=x.facts,
                next_outcome=replaced.get(x.id),
            )
            for x in found
        ]

    def right_answers(self) -> dict[str, tuple[str, frozenset[str]]]:
        """Return kind and labels of each golden item, by its id."""
        rows = self._session.execute(
            select(GoldenRow.id, GoldenRow.kind, GoldenRow.labels)
        )
        return {x.id: (x.kind, frozenset(x.labels)) for x in rows}

    def _read(self, which: ColumnElement[bool]) -> list[Judgement]:
        reversal = aliased(DecisionRow)
        # A row has one reversal at most: nothing is doubled by the join.
        query = (
            select(
                *_ANSWERED, reversal.id.label("reversal"), reversal.facts.label("by")
            )
            .outerjoin(reversal, reversal.reverses == DecisionRow.id)
            .where(which, DecisionRow.kind != REVERSE)
            .order_by(DecisionRow.created_at, DecisionRow.lease_token, DecisionRow.id)
        )
        return [
            Judgement(
                **{x.key: getattr(row, x.key) for x in _ANSWERED}
                | {"labels": frozenset(row.labels)},
                is_reversed=row.reversal is not None,
            )
            for row in self._session.execute(query)
            if not (row.by or {}).get("undo")
        ]


_SAID = (DecisionRow.labels, DecisionRow.outcome, DecisionRow.facts)
_ANSWERED = (
    *_SAID,
    DecisionRow.id,
    DecisionRow.case_id,
    DecisionRow.kind,
    DecisionRow.stage,
    DecisionRow.is_final,
    DecisionRow.is_blind,
    DecisionRow.person,
    DecisionRow.spent_s,
    DecisionRow.created_at,
)


def _within(
    column: InstrumentedAttribute[Any], since: datetime, until: datetime
) -> ColumnElement[bool]:
    return and_(column >= since, column < until)
