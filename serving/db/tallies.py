"""Posts, cases and appeals of a time, to be counted: every query about that."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, select
from sqlalchemy.orm import Session, aliased

from serving.db.tables import (
    AppealRow,
    CaseRow,
    DecisionRow,
    LeaseRow,
    PostRow,
    ReportRow,
)
from serving.db.walking import walk, within

_NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class PostCounts:
    """
    Posts that came to be reviewed in a time.

    Attributes:
        by_origin: How many came from where.
        n_flagged: Those that the model recommended to look at.
        n_reported: Those that users reported in that time, whenever they came.
        n_both: Those of ``n_reported`` that are flagged, too.
        n_seen: Those in a case that a person has had, be it as a copy.
        n_cases_seen: How many such cases there are.
    """

    by_origin: dict[str, int]
    n_flagged: int
    n_reported: int
    n_both: int
    n_seen: int
    n_cases_seen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFact:
    """A case that was opened, and how it stands."""

    origin: str
    flagged: list[str]
    clocks: dict[str, str]
    n_reports: int
    is_audit: bool
    state: str
    decided_at: datetime | None
    outcome: str | None
    """That of the decision that stands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerFact:
    """
    What somebody decided, and when; not who.

    Attributes:
        facts: How the case stood.
        received_at: When the case was opened by its first post.
        taken_at: When the person who answered took it.
        is_reversed: Whether it was taken back since.
        is_undone: Whether its own person did, within minutes: then it is no answer.
    """

    kind: str
    outcome: str
    labels: list[str]
    reason_code: str
    stage: str
    is_final: bool
    n_posts: int
    facts: dict[str, Any]
    created_at: datetime
    received_at: datetime | None
    taken_at: datetime | None
    is_reversed: bool
    is_undone: bool


class Tallies:
    """What came and what became of it, through one session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def posts(self, since: datetime, until: datetime) -> PostCounts:
        """Count the posts of a time."""
        came = and_(
            PostRow.source.is_not(None), within(PostRow.created_at, since, until)
        )
        by_origin = self._session.execute(
            select(PostRow.origin, func.count().label("n"))
            .where(came)
            .group_by(PostRow.origin)
        )
        had = select(LeaseRow.case_id)
        seen = self._session.execute(
            select(
                func.count().label("n"),
                func.count(PostRow.case_id.distinct()).label("n_cases"),
            ).where(came, PostRow.case_id.in_(had))
        ).one()
        reported = within(ReportRow.reported_at, since, until)
        ids = select(ReportRow.post_id).where(reported)
        return PostCounts(
            by_origin={str(x.origin): x.n for x in by_origin},
            n_flagged=self._count(came, _FLAGGED),
            n_reported=self._count(PostRow.id.in_(ids)),
            n_both=self._count(PostRow.id.in_(ids), _FLAGGED),
            n_seen=seen.n,
            n_cases_seen=seen.n_cases,
        )

    def cases(self, since: datetime, until: datetime) -> Iterator[CaseFact]:
        """Yield the cases that were opened in a time; golden items are none."""
        query = (
            select(
                CaseRow.created_at,
                CaseRow.id,
                *(getattr(CaseRow, x) for x in _CASE_COLUMNS),
                DecisionRow.outcome,
            )
            .outerjoin(DecisionRow, DecisionRow.id == CaseRow.decision_id)
            .where(
                CaseRow.golden_id.is_(None), within(CaseRow.created_at, since, until)
            )
        )
        for row in walk(self._session, query, CaseRow.created_at, CaseRow.id):
            yield CaseFact(**{x.name: getattr(row, x.name) for x in fields(CaseFact)})

    def answers(self, since: datetime, until: datetime) -> Iterator[AnswerFact]:
        """Yield all that was decided in a time, reversals and golden items, too."""
        reversal = aliased(DecisionRow)
        lease = and_(
            LeaseRow.case_id == DecisionRow.case_id,
            LeaseRow.token == DecisionRow.lease_token,
        )
        query = (
            select(
                DecisionRow.id,
                *(getattr(DecisionRow, x) for x in _ANSWER_COLUMNS),
                CaseRow.created_at.label("received_at"),
                LeaseRow.taken_at,
                reversal.id.label("reversal_id"),
                reversal.facts.label("reversal_facts"),
            )
            # Each of them is one row at most: nothing is doubled by the joins.
            .outerjoin(CaseRow, CaseRow.id == DecisionRow.case_id)
            .outerjoin(LeaseRow, lease)
            .outerjoin(reversal, reversal.reverses == DecisionRow.id)
            .where(within(DecisionRow.created_at, since, until))
        )
        for row in walk(self._session, query, DecisionRow.created_at, DecisionRow.id):
            yield AnswerFact(
                **{x: getattr(row, x) for x in _ANSWER_COLUMNS},
                received_at=row.received_at,
                taken_at=row.taken_at,
                is_reversed=row.reversal_id is not None,
                is_undone=bool((row.reversal_facts or {}).get("undo")),
            )

    def appeals_filed(self, since: datetime, until: datetime) -> tuple[int, int]:
        """Return how many appeals were filed in a time, and how many are open of them."""
        row = self._session.execute(
            select(
                func.count().label("n"),
                func.count(case((AppealRow.state == "open", 1))).label("n_open"),
            ).where(within(AppealRow.filed_at, since, until))
        ).one()
        return row.n, row.n_open

    def _count(self, *wanted: ColumnElement[bool]) -> int:
        found = self._session.scalar(
            select(func.count()).select_from(PostRow).where(*wanted)
        )
        return found or 0


_FLAGGED = PostRow.recommendation != _NONE
_ANSWER_COLUMNS = [x.name for x in fields(AnswerFact)][:-4]
"""All but those that come of other rows."""
_CASE_COLUMNS = [x.name for x in fields(CaseFact) if x.name != "outcome"]
