"""Appeals: which there are, one of them, and its answer."""

from collections.abc import Sequence
from datetime import UTC, datetime
from http import HTTPStatus
from typing import cast

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from serving.access.needs import needs
from serving.access.scopes import Scope
from serving.access.signing_in import CONSOLE
from serving.console.desk.case import Choices, drawn
from serving.console.desk.deciding import choices_of, draft_of, missing
from serving.console.desk.desktop import Desktop, DesktopDep
from serving.console.desk.filled import FORM, Filled, FilledDep
from serving.console.desk.frame import DeskRoute
from serving.console.desk.shown import MOST_CHARS
from serving.db import Appeal, AppealFilter, Appeals, Decision, Decisions
from serving.errors import (
    ConflictError,
    NotFoundError,
    ReasonNotAllowedError,
    VersionMismatchError,
)
from serving.problems import status_of
from serving.review.appealing import Verdict, answer

_AT = f"{CONSOLE}/appeals"
_OPEN, _OVERTURNED = "open", "overturned"
_VERDICTS = ("upheld", _OVERTURNED)
_PAGE = 50

router = APIRouter(route_class=DeskRoute, dependencies=[needs(Scope.LEAD)])


@router.get(_AT)
def list_appeals(
    desktop: DesktopDep, state: str = _OPEN, after: str = "", said: str = ""
) -> HTMLResponse:
    """Show the appeals of one state, the newest first."""
    state = state if state in (_OPEN, *_VERDICTS) else _OPEN
    frame = desktop.frame.wanted_by(desktop.database, f"{_AT}?state={state}")
    which = AppealFilter(state=state, queues=desktop.who.queues)
    with desktop.database.session() as session:
        appeals = Appeals(session)
        last = appeals.find(after, AppealFilter(queues=desktop.who.queues))
        place = (last.filed_at, last.id) if last else None
        found = appeals.page(which, place, _PAGE + 1)
    return frame.show(
        "appeals.html",
        here="appeals",
        said=said,
        now=datetime.now(UTC),
        state=state,
        appeals=found[:_PAGE],
        more=found[_PAGE - 1].id if len(found) > _PAGE else None,
    )


@router.get(f"{_AT}/{{appeal_id}}")
def read_appeal(appeal_id: str, desktop: DesktopDep) -> HTMLResponse:
    """Show an appeal with the post and the decision that it is against."""
    return _show(desktop, appeal_id)


@router.post(f"{_AT}/{{appeal_id}}/answer", dependencies=FORM)
def answer_appeal(appeal_id: str, desktop: DesktopDep, filled: FilledDep) -> Response:
    """Let the decision stand, or overturn it, perhaps with another in its place."""
    verdict, said = filled.text("verdict"), filled.text("answer")[:MOST_CHARS]
    chosen = choices_of(filled)
    wrong = _missing(desktop, verdict, said, chosen)
    if wrong:
        return _show(desktop, appeal_id, filled=filled, errors=wrong)
    is_replaced = verdict == _OVERTURNED and chosen.outcome
    try:
        with desktop.work() as work:
            answer(
                work,
                desktop.policy,
                desktop.who,
                appeal_id,
                cast("Verdict", verdict),
                said,
                draft_of(chosen, filled) if is_replaced else None,
                version=filled.number("version"),
            )
    except ReasonNotAllowedError as e:
        wrong = [("clause", desktop.frame.explain(e))]
        return _show(desktop, appeal_id, filled=filled, errors=wrong)
    except (ConflictError, VersionMismatchError) as e:
        problem, status = desktop.frame.explain(e), status_of(type(e))
        return _show(desktop, appeal_id, problem=problem, status=status)
    return desktop.frame.go(_AT, said="answered")


def _missing(
    desktop: Desktop, verdict: str, said: str, chosen: Choices
) -> list[tuple[str, str]]:
    """Return what must still be filled in, each with its place in the form."""
    words, wrong = desktop.frame.words.appeals, []
    if verdict not in _VERDICTS:
        wrong.append(("verdict", words.no_choice))
    if verdict == _OVERTURNED and chosen.outcome:
        wrong += missing(desktop, chosen)
    if not said:
        wrong.append(("answer", words.no_answer))
    return wrong


def _show(
    desktop: Desktop,
    appeal_id: str,
    *,
    filled: Filled | None = None,
    errors: Sequence[tuple[str, str]] = (),
    problem: str | None = None,
    status: HTTPStatus = HTTPStatus.OK,
) -> HTMLResponse:
    now = datetime.now(UTC)
    appeal, decided = _find(desktop, appeal_id)
    against = next((x for x in decided if x.id == appeal.decision_id), None)
    view = desktop.read(appeal.case_id)
    frame = desktop.frame.wanted_by(desktop.database, f"{_AT}/{appeal.id}")
    return frame.show(
        "appeal.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if errors else status,
        here="appeals",
        problem=problem,
        appeal=appeal,
        decision=against,
        is_own=desktop.who.person in {appeal.filed_by, *(x.person for x in decided)},
        mine=False,
        errors=errors,
        verdict=filled.text("verdict") if filled else "",
        said_answer=filled.text("answer") if filled else "",
        filled=choices_of(filled) if filled else Choices(labels=view.flagged),
        **drawn(view, desktop.policy, frame.words, now),
    )


def _find(desktop: Desktop, appeal_id: str) -> tuple[Appeal, list[Decision]]:
    """Return an appeal, and all that was decided on its case."""
    which = AppealFilter(queues=desktop.who.queues)
    with desktop.database.session() as session:
        appeal = Appeals(session).find(appeal_id, which)
        if appeal is None:
            msg = "no appeal has this id"
            raise NotFoundError(msg)
        return appeal, Decisions(session).of(appeal.case_id)
