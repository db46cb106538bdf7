"""The page of those who lead: load, ages, agreement, reversals, and what waits for them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from kiemtin.labels import Label
from serving.access.needs import needs
from serving.access.scopes import Scope
from serving.access.signing_in import CONSOLE
from serving.console.desk import plots
from serving.console.desk.board import lines_of
from serving.console.desk.desktop import Desktop, DesktopDep
from serving.console.desk.frame import DeskRoute
from serving.console.desk.plots import Plot
from serving.console.desk.shown import Names
from serving.console.desk.words import Words
from serving.db import Case, Judgement, Judgements, Load, Loads
from serving.review.agreement import Agreement, agreement
from serving.review.outcomes import Stage

DAYS = 30
_MOST_RECENT = 20
_MOST_WAITING = 20
_AT = f"{CONSOLE}/lead"

router = APIRouter(route_class=DeskRoute, dependencies=[needs(Scope.LEAD)])


@dataclass(frozen=True, slots=True)
class Waiting:
    """Cases that a lead must decide: how many, and those that matter most."""

    n: int
    cases: Sequence[Case]


@dataclass(frozen=True, slots=True)
class Known:
    """All that the page is drawn from."""

    loads: list[Load]
    waiting: Waiting
    agreement: Agreement
    recent: list[Judgement]


@router.get(_AT)
def show_lead(desktop: DesktopDep, said: str = "") -> HTMLResponse:
    """Show how the work goes."""
    now = datetime.now(UTC)
    frame = desktop.frame.wanted_by(desktop.database, _AT)
    words, known = frame.words, _known(desktop, now)
    return frame.show(
        "lead.html",
        here="lead",
        said=said,
        now=now,
        days=DAYS,
        names=Names.of(desktop.policy, words),
        waiting=known.waiting,
        load=_load(desktop, known.loads, words),
        ages=_ages(known.loads, words),
        recent=known.recent,
        people=known.agreement.people,
        agreed=_agreed(known.agreement, words),
    )


def _known(desktop: Desktop, now: datetime) -> Known:
    queues, since = desktop.who.queues, now - timedelta(days=DAYS)
    with desktop.database.session() as session:
        loads = Loads(session)
        cases = loads.waiting(Stage.ADJUDICATION, queues, _MOST_WAITING)
        final = [x for x in Judgements(session).between(since, now) if x.is_final]
        return Known(
            loads.of(queues, list(Stage), now),
            Waiting(
                sum(
                    x.n_waiting + x.n_held
                    for x in loads.of(queues, [Stage.ADJUDICATION], now)
                ),
                cases,
            ),
            agreement(session, desktop.policy, since, now),
            final[: -_MOST_RECENT - 1 : -1],
        )


def _load(desktop: Desktop, loads: list[Load], words: Words) -> Plot:
    lines = lines_of(loads, desktop.policy, desktop.who, words.lang)
    counts = [
        (x.name, x.load.n_waiting + x.load.n_held, x.load.n_overdue)
        if x.load
        else (x.name, 0, 0)
        for x in lines
    ]
    return plots.bars(counts, words, words.lead.overdue_note)


def _ages(loads: list[Load], words: Words) -> Plot:
    totals = [sum(x) for x in zip(*(y.ages for y in loads), strict=True)]
    steps = words.lead.age_steps
    totals = totals or [0] * len(steps)
    counts = [(step, n, 0) for step, n in zip(steps, totals, strict=True)]
    return plots.bars(counts, words)


def _agreed(found: Agreement, words: Words) -> dict[str, Plot]:
    labels = [x.value for x in Label]
    named = [(words.labels[Label(x)], found.labels[x]) for x in labels]
    people = found.people
    return {
        "agreement": plots.alphas([(words.lead.kinds, found.kinds), *named], words),
        "precision": plots.shares(
            [(words.labels[Label(x)], found.precision[x]) for x in labels], words
        ),
        "golden": plots.shares(
            [(x.person, x.golden) for x in people if x.golden.n], words
        ),
        "reversals": plots.shares(
            [(x.person, x.reversed) for x in people if x.reversed.n], words
        ),
    }
