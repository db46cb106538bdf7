"""How a person comes to a case, keeps it, and leaves it without deciding."""

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response

from kiemtin.errors import KiemtinError
from serving.access.needs import needs
from serving.access.scopes import Scope
from serving.access.signing_in import CONSOLE
from serving.console.desk.case import Choices, show_case, show_wrong
from serving.console.desk.desktop import Desktop, DesktopDep
from serving.console.desk.filled import FORM, FilledDep
from serving.console.desk.frame import DeskRoute
from serving.console.desk.shown import MOST_CHARS
from serving.errors import (
    ConflictError,
    ExposureSpentError,
    ForbiddenError,
    ReasonNotAllowedError,
)
from serving.problems import status_of
from serving.review.desk import Desk

_CASE = f"{CONSOLE}/cases/{{case_id}}"

router = APIRouter(route_class=DeskRoute, dependencies=[needs(Scope.REVIEW)])


def case_path(case_id: str) -> str:
    """Return where a case is shown."""
    return f"{CONSOLE}/cases/{case_id}"


def go_on(desktop: Desktop, queue: str = "", **query: str) -> Response:
    """Send the person to the case that they should look at now, or to the queues."""
    try:
        with desktop.work() as work:
            queues = [queue] if queue else None
            lease = Desk(work, desktop.policy).next(desktop.who, queues)
    except ExposureSpentError:
        # The page of the queues says so by itself.
        return desktop.frame.go(CONSOLE, **query)
    if lease is None:
        return desktop.frame.go(CONSOLE, **{"said": "nothing"} | query)
    return desktop.frame.go(case_path(lease.case_id), **query)


def show_problem(desktop: Desktop, case_id: str, error: KiemtinError) -> Response:
    """Return the page of a case with what could not be done to it."""
    # Of a case that one may see, no more can be forbidden than to answer for a lead.
    is_for_lead = isinstance(error, ForbiddenError)
    words = desktop.frame.words
    problem = words.errors["for_lead"] if is_for_lead else desktop.frame.explain(error)
    status = status_of(type(error))
    return show_case(desktop, case_id, problem=problem, status=status)


@router.post(f"{CONSOLE}/next", dependencies=FORM)
def take_next(desktop: DesktopDep, filled: FilledDep) -> Response:
    """Take the next case, of one queue or of all."""
    return go_on(desktop, filled.text("queue"))


@router.post(f"{_CASE}/claim", dependencies=FORM)
def claim_case(case_id: str, desktop: DesktopDep) -> Response:
    """Take this very case."""
    try:
        with desktop.work() as work:
            Desk(work, desktop.policy).claim(desktop.who, case_id)
    except (ConflictError, ForbiddenError) as e:
        return show_problem(desktop, case_id, e)
    return desktop.frame.go(case_path(case_id))


@router.post(f"{_CASE}/renew", dependencies=FORM)
def renew_case(
    request: Request, case_id: str, desktop: DesktopDep, filled: FilledDep
) -> Response:
    """Keep a case for longer; a script is told until when."""
    is_script = "application/json" in request.headers.get("accept", "")
    try:
        with desktop.work() as work:
            desk = Desk(work, desktop.policy)
            lease = desk.renew(desktop.who, case_id, filled.number("token"))
    except ConflictError as e:
        if is_script:
            raise
        return show_problem(desktop, case_id, e)
    if is_script:
        return JSONResponse({"ends_at": lease.ends_at.isoformat()})
    return desktop.frame.go(case_path(case_id), said="renewed")


@router.post(f"{_CASE}/release", dependencies=FORM)
def release_case(case_id: str, desktop: DesktopDep, filled: FilledDep) -> Response:
    """Put a case back for anybody."""
    try:
        with desktop.work() as work:
            desk = Desk(work, desktop.policy)
            desk.release(desktop.who, case_id, filled.number("token"))
    except ConflictError as e:
        return show_problem(desktop, case_id, e)
    return desktop.frame.go(CONSOLE, said="released")


@router.post(f"{_CASE}/skip", dependencies=FORM)
def skip_case(case_id: str, desktop: DesktopDep, filled: FilledDep) -> Response:
    """Leave a case to others, with the reason."""
    token, reason = filled.number("token"), filled.text("reason")
    try:
        with desktop.work() as work:
            Desk(work, desktop.policy).skip(desktop.who, case_id, token, reason)
    except ReasonNotAllowedError:
        return _ask_why(desktop, case_id, "skip")
    except ConflictError as e:
        return show_problem(desktop, case_id, e)
    return go_on(desktop, said="skipped")


@router.post(f"{_CASE}/escalate", dependencies=FORM)
def escalate_case(case_id: str, desktop: DesktopDep, filled: FilledDep) -> Response:
    """Hand a case to a lead, with the reason."""
    token, reason = filled.number("token"), filled.text("reason")
    note = filled.text("note")[:MOST_CHARS]
    try:
        with desktop.work() as work:
            desk = Desk(work, desktop.policy)
            desk.escalate(desktop.who, case_id, token, reason, note or None)
    except ReasonNotAllowedError:
        return _ask_why(desktop, case_id, "escalate")
    except ConflictError as e:
        return show_problem(desktop, case_id, e)
    return go_on(desktop, said="escalated")


@router.post(f"{_CASE}/comments", dependencies=FORM)
def comment_on_case(case_id: str, desktop: DesktopDep, filled: FilledDep) -> Response:
    """Note something for those who come after."""
    text = filled.text("text")[:MOST_CHARS]
    if not text:
        return desktop.frame.go(case_path(case_id))
    with desktop.work() as work:
        Desk(work, desktop.policy).comment(desktop.who, case_id, text)
    return desktop.frame.go(case_path(case_id), said="commented")


def _ask_why(desktop: Desktop, case_id: str, way: str) -> Response:
    wrong = [(f"way-{way}", desktop.frame.words.decide.no_reason)]
    return show_wrong(desktop, case_id, wrong, Choices(way=way))
