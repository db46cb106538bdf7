"""Where people come into the console, and leave it."""

from http import HTTPStatus
from typing import Annotated, cast

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response

from kiemtin.errors import KiemtinError
from serving.access.csrf import needs_same_site
from serving.access.needs import needs
from serving.access.signing_in import (
    CONSOLE,
    COOKIE,
    SIGN_IN,
    SignIns,
    safe_next,
    take_cookie,
)
from serving.console.desk.filled import FORM, FilledDep
from serving.console.desk.frame import DeskRoute, Frame, FrameDep
from serving.errors import BusyError, UnauthenticatedError
from serving.problems import status_of

router = APIRouter(route_class=DeskRoute)


@router.get(SIGN_IN)
async def show_sign_in(
    frame: FrameDep,
    wanted: Annotated[str, Query(alias="next")] = CONSOLE,
    said: str = "",
) -> HTMLResponse:
    """Show where to put the key."""
    return _show(frame, wanted, said=said)


@router.post(SIGN_IN, dependencies=[needs_same_site])
async def sign_in(request: Request, frame: FrameDep, filled: FilledDep) -> Response:
    """Let somebody in who has a key."""
    sign_ins = cast("SignIns", request.app.state.sign_ins)
    address = request.client.host if request.client else ""
    try:
        signed_in = await sign_ins.sign_in(filled.text("key"), address)
    except (UnauthenticatedError, BusyError) as e:
        return _show(frame, filled.text("next"), error=e)
    answer = frame.go(safe_next(filled.text("next")))
    sign_ins.give_cookie(request, answer, signed_in.cookie)
    return answer


@router.post(f"{CONSOLE}/sign-out", dependencies=[needs(), *FORM])
async def sign_out(request: Request, frame: FrameDep) -> Response:
    """Let somebody out."""
    sign_ins = cast("SignIns", request.app.state.sign_ins)
    cookie = request.cookies.get(COOKIE)
    if cookie:
        await sign_ins.sign_out(cookie)
    answer = frame.go(SIGN_IN, said="signed_out")
    take_cookie(answer)
    return answer


def _show(
    frame: Frame, wanted: str, *, said: str = "", error: KiemtinError | None = None
) -> HTMLResponse:
    status = status_of(type(error)) if error else HTTPStatus.OK
    if isinstance(error, UnauthenticatedError):
        # What was filled in is wrong; 401 would be for who may not see the form.
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    return frame.show(
        "sign_in.html",
        status=status,
        said=said,
        next=safe_next(wanted),
        error=error and frame.explain(error),
    )
