"""How a person wants the console."""

from http import HTTPStatus

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from serving.access.needs import needs
from serving.access.scopes import Scope
from serving.access.signing_in import CONSOLE
from serving.console.desk.filled import FORM, FilledDep
from serving.console.desk.frame import DeskRoute, Frame, FrameDep
from serving.db import Preferences
from serving.deps import DatabaseDep

MOST_A_DAY = 1_000
_AT = f"{CONSOLE}/settings"

router = APIRouter(route_class=DeskRoute, dependencies=[needs(Scope.REVIEW)])


@router.get(_AT)
def show_settings(
    frame: FrameDep, database: DatabaseDep, said: str = ""
) -> HTMLResponse:
    """Show what the person chose."""
    return _show(frame.wanted_by(database, _AT), said=said)


@router.post(_AT, dependencies=FORM)
def save_settings(
    frame: FrameDep, database: DatabaseDep, filled: FilledDep
) -> Response:
    """Keep what the person chose."""
    budget = filled.number("budget")
    if not 0 <= budget <= MOST_A_DAY:
        wrong = frame.words.settings.bad_budget
        return _show(frame.wanted_by(database, _AT), error=wrong)
    chosen = {
        "blur": int(bool(filled.text("blur"))),
        "grey": int(bool(filled.text("grey"))),
        "budget": budget,
    }
    with database.work(frame.who.person) as work:
        Preferences(work.session).set(frame.who.person, chosen)
        work.commit()
    return frame.go(_AT, said="saved")


def _show(frame: Frame, *, said: str = "", error: str = "") -> HTMLResponse:
    status = HTTPStatus.UNPROCESSABLE_ENTITY if error else HTTPStatus.OK
    return frame.show(
        "settings.html",
        status=status,
        here="settings",
        said=said,
        error=error,
        most=MOST_A_DAY,
    )
