"""
The short way to the route that is asked most.

A framework finds routes, resolves dependencies and keeps stacks of what to close, for
each request anew: it takes longer than all the rest that happens outside of a worker.
A plain request for one score, with a body that is as it should be, is answered here.
Everything else, and everything that is wrong with it, takes the long way; so there is one
place that says what is wrong. Both ways end in the same function, and a test holds that
nobody can tell which was taken.
"""

from typing import cast

from pydantic import ValidationError
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kiemtin.errors import KiemtinError
from serving.bodies import JSON, POST_VALUES
from serving.deps import engine_of
from serving.errors import RequestError
from serving.middleware import late, refuse
from serving.patience import Patience
from serving.problems import problem_response
from serving.routes.score import PATH, ROUTE_NEEDS, score_one
from serving.schemas.score import ScoreIn
from serving.values import check_values

_TYPES = {JSON.encode(), f"{JSON}; charset=utf-8".encode()}
_HEADERS = [(b"content-type", JSON.encode())]


class Shortcut:
    """
    Answers plain requests for one score itself.

    Args:
        app: Answers all others.
        max_bytes: A longer body is not plain.
        max_s: How long its beginning may take to come.
    """

    def __init__(self, app: ASGIApp, max_bytes: int, max_s: float = 60) -> None:
        self._app = app
        self._max_bytes = max_bytes
        self._max_s = max_s
        self._patience = Patience(max_s)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "http" and scope["path"] == PATH:
            try:
                first = await self._patience.wait(receive())
            except TimeoutError:
                await refuse(late(self._max_s), scope, receive, send)
                return
            asked = self._read(scope, first)
            if asked is not None:
                await _answer(scope, receive, send, asked)
                return
            receive = _again(first, receive)
        await self._app(scope, receive, send)

    def _read(self, scope: Scope, message: Message) -> ScoreIn | None:
        """Return what is asked; None if that needs a closer look."""
        headers = dict(scope["headers"])
        if (
            scope["method"] != "POST"
            or message["type"] != "http.request"
            or message.get("more_body")
            or len(message.get("body", b"")) > self._max_bytes
            or headers.get(b"content-type") not in _TYPES
            or b"content-encoding" in headers
            or not scope["state"]["principal"].may(ROUTE_NEEDS)
        ):
            return None
        try:
            check_values(message["body"], POST_VALUES, "the body")
            return ScoreIn.model_validate_json(message["body"])
        except (ValidationError, RequestError):
            return None


async def _answer(scope: Scope, receive: Receive, send: Send, asked: ScoreIn) -> None:
    request = Request(scope, receive)
    scope["route"] = _Route
    try:
        engine = await engine_of(request)
        content = await score_one(request, asked, engine, scope["app"].state.database)
    except KiemtinError as e:
        await problem_response(request, e)(scope, receive, send)
        return
    headers = [*_HEADERS, (b"content-length", str(len(content)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": content})


class _Route:
    """What the log calls the route."""

    path = PATH


def _again(first: Message, receive: Receive) -> Receive:
    messages = iter([first])

    async def receive_again() -> Message:
        return next(messages, None) or await receive()

    return cast("Receive", receive_again)
