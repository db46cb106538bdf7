"""Which case a person should have next: the queries that choose one."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from functools import lru_cache
from typing import Any, cast

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Select,
    SQLColumnExpression,
    Subquery,
    and_,
    bindparam,
    exists,
    func,
    literal,
    or_,
    select,
    text,
    true,
    union_all,
)
from sqlalchemy.orm import Session, aliased

from serving.db.cases import Case, case_of
from serving.db.tables import CaseRow, DecisionRow, GoldenRow, LeaseRow

_OPEN = text("cases.state = 'open'")
"""Written out, not bound: otherwise no plan could use an index of open cases alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """
    For whom a case is looked for.

    Attributes:
        queues: Those that they work in, and want to; None for all of them.
        stages: What their answer would be good for.
        authors_seen: Whom they were served too often today.
    """

    person: str
    queues: Collection[str] | None
    stages: Collection[str]
    authors_seen: Collection[str]
    now: datetime


@dataclass(frozen=True, slots=True)
class Offered:
    """A golden item, and the case that was made of it for this person, if one was."""

    golden_id: str
    case_id: str | None


class Candidates:
    """The cases that wait, through one session; what is returned is locked."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def by_rank(self, wanted: Wanted) -> Case | None:
        """Return the case that matters most, None if there is nothing to do."""
        return self._first(wanted, _Order.RANK)

    def by_chance(self, wanted: Wanted, at: float) -> Case | None:
        """Return the case whose number comes next after *at*, 0 to 1, and around."""
        found = self._first(wanted, _Order.CHANCE, least=at)
        return found or self._first(wanted, _Order.CHANCE)

    def queues(self) -> list[str]:
        """Return the queues in which anything is open."""
        names = _open_queues()
        query = select(names.c.queue).where(names.c.queue.is_not(None))
        return list(self._session.scalars(query))

    def goldens(self, person: str, queues: Collection[str] | None) -> list[Offered]:
        """Return the golden items of *queues* that *person* did not deal with yet."""
        seen = self._session.execute(
            select(CaseRow.golden_id, CaseRow.id, _is_over(CaseRow).label("over"))
            .join(LeaseRow, LeaseRow.case_id == CaseRow.id)
            .where(CaseRow.golden_id.is_not(None), LeaseRow.person == person)
        ).all()
        over = {x.golden_id for x in seen if x.over}
        begun = {x.golden_id: x.id for x in seen}
        query = select(GoldenRow.id).where(GoldenRow.retired_at.is_(None))
        if queues is not None:
            query = query.where(GoldenRow.queue.in_(queues))
        live = self._session.scalars(query.order_by(GoldenRow.id))
        return [Offered(x, begun.get(x)) for x in live if x not in over]

    def _first(self, wanted: Wanted, order: "_Order", least: float = 0) -> Case | None:
        shape = _Shape(
            order,
            tuple(wanted.stages),
            has_queues=wanted.queues is not None,
            has_authors=bool(wanted.authors_seen),
        )
        given = {
            "person": wanted.person,
            "now": wanted.now,
            "queues": list(wanted.queues or ()),
            "authors": list(wanted.authors_seen),
            "least": least,
        }
        places = self._session.execute(_places(shape), _used(shape, given)).all()
        known = [x for x in places if x.best is not None]
        known.sort(key=lambda x: cast("float", x.best), reverse=order is _Order.RANK)
        for place in known:
            at = {"queue": place.queue, "stage": place.stage}
            row = self._session.scalar(_at(shape), _used(shape, given) | at)
            if row is not None:
                return case_of(row)
        return None


class _Order(Enum):
    """What is first: the highest rank, or the lowest number of chance."""

    RANK = "rank"
    CHANCE = "chance"

    @property
    def column(self) -> SQLColumnExpression[float]:
        """What is compared."""
        return CaseRow.rank if self is _Order.RANK else CaseRow.chance

    @property
    def clause(self) -> ColumnElement[float]:
        """How it is sorted."""
        return CaseRow.rank.desc() if self is _Order.RANK else CaseRow.chance.asc()


@dataclass(frozen=True, slots=True)
class _Shape:
    """What queries differ in besides their values: each is built only once."""

    order: _Order
    stages: tuple[str, ...]
    has_queues: bool
    has_authors: bool


def _used(shape: _Shape, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return those values that queries of *shape* have a place for."""
    unused = {
        "queues": not shape.has_queues,
        "authors": not shape.has_authors,
        "least": shape.order is _Order.RANK,
    }
    return {k: v for k, v in given.items() if not unused.get(k)}


@lru_cache
def _places(shape: _Shape) -> Select[Any]:
    """
    Return the query for each queue and stage with the first key that waits there.

    Each is one step into an index, however many cases are open.
    """
    queues, stages = _open_queues(), _stages(shape.stages)
    best = (
        select(shape.order.column)
        .where(
            CaseRow.queue == queues.c.queue,
            CaseRow.stage == stages.c.stage,
            *_fit(shape),
        )
        .order_by(shape.order.clause)
        .limit(1)
        .correlate(queues, stages)
        .scalar_subquery()
    )
    query = select(queues.c.queue, stages.c.stage, best.label("best"))
    query = query.select_from(queues.join(stages, true()))
    if not shape.has_queues:
        return query.where(queues.c.queue.is_not(None))
    return query.where(queues.c.queue.in_(bindparam("queues", expanding=True)))


@lru_cache
def _at(shape: _Shape) -> Select[CaseRow]:
    """Return the query for the first case at a place that nobody is just taking."""
    return (
        select(CaseRow)
        .where(
            CaseRow.queue == bindparam("queue"),
            CaseRow.stage == bindparam("stage"),
            *_fit(shape),
        )
        .order_by(shape.order.clause)
        .limit(1)
        .with_for_update(skip_locked=True, of=CaseRow)
        .execution_options(populate_existing=True)
    )


def _fit(shape: _Shape) -> list[Any]:
    """Return what makes an open case one for this person, now."""
    person: BindParameter[str] = bindparam("person")
    skipped = exists().where(
        LeaseRow.case_id == CaseRow.id,
        LeaseRow.person == person,
        LeaseRow.ended == "skipped",
    )
    ends_at = CaseRow.lease_ends_at
    fit = [
        _OPEN,
        CaseRow.golden_id.is_(None),
        or_(ends_at.is_(None), ends_at <= bindparam("now", type_=ends_at.type)),
        or_(CaseRow.stage == "first", ~_is_answered_by(person)),
        ~skipped,
    ]
    if shape.has_authors:
        others = CaseRow.author.not_in(bindparam("authors", expanding=True))
        fit.append(or_(CaseRow.author.is_(None), others))
    if shape.order is _Order.CHANCE:
        fit.append(CaseRow.chance >= bindparam("least"))
    return fit


def _is_answered_by(person: ColumnElement[str]) -> ColumnElement[bool]:
    """Say that *person* answered a case already, and nobody took that back."""
    reversal = aliased(DecisionRow)
    return exists().where(
        DecisionRow.case_id == CaseRow.id,
        DecisionRow.person == person,
        DecisionRow.kind != "reverse",
        ~exists().where(reversal.reverses == DecisionRow.id),
    )


def _is_over(case: type[CaseRow]) -> ColumnElement[bool]:
    return or_(
        case.state != "open",
        case.stage != "first",
        and_(LeaseRow.ended.is_not(None), LeaseRow.ended == "skipped"),
    )


def _open_queues() -> Any:
    """Return the queues of open cases, found by one step into an index for each."""
    first = select(func.min(CaseRow.queue).label("queue")).where(_OPEN)
    names = first.cte("names", recursive=True)
    after = select(func.min(CaseRow.queue)).where(_OPEN, CaseRow.queue > names.c.queue)
    return names.union_all(
        select(after.correlate(names).scalar_subquery()).where(
            names.c.queue.is_not(None)
        )
    )


def _stages(stages: Collection[str]) -> Subquery:
    return union_all(*(select(literal(x).label("stage")) for x in stages)).subquery()
