"""The queues: what waits, what one has, and how much one saw today."""

from dataclasses import dataclass
from datetime import UTC, datetime

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from serving.access.needs import needs
from serving.access.scopes import Scope
from serving.access.signing_in import CONSOLE
from serving.console.desk.case import find_done
from serving.console.desk.desktop import Desktop, DesktopDep
from serving.console.desk.frame import DeskRoute
from serving.db import Case, Cases, Leases, Load, Loads
from serving.review.outcomes import Stage
from serving.review.people import Reviewer
from serving.review.policy import ReviewPolicy

router = APIRouter(route_class=DeskRoute, dependencies=[needs()])


@dataclass(frozen=True, slots=True)
class Line:
    """A queue with what waits in it."""

    queue: str
    name: str
    load: Load | None


@dataclass(frozen=True, slots=True)
class Work:
    """What one person has to do."""

    lines: list[Line]
    held: list[Case]
    n_seen: int


@router.get(CONSOLE)
def show_board(desktop: DesktopDep, said: str = "", done: str = "") -> HTMLResponse:
    """Show the queues to who works in them; others, what their key opens."""
    if not desktop.frame.may(Scope.REVIEW):
        return desktop.frame.show("other.html")
    now = datetime.now(UTC)
    frame = desktop.frame.wanted_by(desktop.database)
    return frame.show(
        "board.html",
        here="board",
        said=said,
        now=now,
        work=_work(desktop, now),
        done=find_done(desktop, done, now),
    )


def lines_of(
    loads: list[Load], policy: ReviewPolicy, who: Reviewer, lang: str
) -> list[Line]:
    """Return the queues of the policy that *who* works in, then others with cases."""
    by_queue = {x.queue: x for x in loads}
    known = [
        Line(x.name, getattr(x, lang), by_queue.pop(x.name, None))
        for x in policy.queues
        if who.works_in(x.name)
    ]
    return known + [Line(x, x, by_queue[x]) for x in sorted(by_queue)]


def _work(desktop: Desktop, now: datetime) -> Work:
    who, lang = desktop.who, desktop.frame.words.lang
    stages = [x for x in Stage if who.is_lead or x is not Stage.ADJUDICATION]
    with desktop.database.session() as session:
        loads = Loads(session).of(who.queues, stages, now)
        return Work(
            lines_of(loads, desktop.policy, who, lang),
            Cases(session).held_by(who.person, now, who.queues),
            Leases(session).n_today(who.person, now),
        )
