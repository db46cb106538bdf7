"""What happens to every request: an id, a size limit, headers, one line in the log."""

import re
import time
import traceback
import uuid
from collections.abc import Mapping

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from serving.errors import BodyTooLargeError, InternalError
from serving.problems import problem_response

REQUEST_ID = "X-Request-ID"
CSP = "Content-Security-Policy"

_SAFE_ID = re.compile(r"[\w.:-]{1,128}", re.ASCII)
_log = structlog.get_logger()

SECURITY_HEADERS: Mapping[str, str] = {
    CSP: "default-src 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
"""A route may say otherwise; these hold where it says nothing."""


class RequestFrame:
    """Gives a request its id, its answer the headers, and both a line in the log."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; whatever goes wrong inside is a problem, not a trace."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = time.perf_counter()
        request_id = _request_id(Headers(scope=scope))
        scope.setdefault("state", {})["request_id"] = request_id
        status = 0

        async def send_framed(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = int(message["status"])
                headers = MutableHeaders(scope=message)
                headers[REQUEST_ID] = request_id
                for name, value in SECURITY_HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        try:
            await self._app(scope, receive, send_framed)
        except Exception as e:  # noqa: BLE001 - nothing of it may reach the caller
            # The frames say where; the message of an exception may quote a text.
            where = traceback.format_tb(e.__traceback__)[-1].split("\n", 1)[0].strip()
            _log.error(
                "unhandled", error=type(e).__name__, where=where, request_id=request_id
            )
            if not status:
                error = InternalError("the service made a mistake; it was logged")
                answer = problem_response(Request(scope), error)
                await answer(scope, receive, send_framed)
        finally:
            _log_request(scope, status, time.perf_counter() - started)


class BodyLimit:
    """Refuses a body that is too long, by what it announces and by what comes."""

    def __init__(self, app: ASGIApp, max_bytes: int) -> None:
        self._app = app
        self._max_bytes = max_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hold the body back until it is whole and known to be short enough."""
        if scope["type"] != "http" or scope["method"] in {"GET", "HEAD", "OPTIONS"}:
            await self._app(scope, receive, send)
            return
        announced = Headers(scope=scope).get("content-length", "0")
        n_bytes = int(announced) if announced.isdecimal() else 0
        body: list[Message] = []
        if n_bytes <= self._max_bytes:
            n_bytes, more = 0, True
            while more and n_bytes <= self._max_bytes:
                message = await receive()
                body.append(message)
                n_bytes += len(message.get("body", b""))
                more = message.get("more_body", False)
        if n_bytes > self._max_bytes:
            msg = f"{n_bytes} bytes or more, at most {self._max_bytes} are read"
            answer = problem_response(Request(scope), BodyTooLargeError(msg))
            answer.headers["Connection"] = "close"
            await answer(scope, receive, send)
            return
        held = iter(body)

        async def replay() -> Message:
            return next(held, None) or await receive()

        await self._app(scope, replay, send)


def _request_id(headers: Headers) -> str:
    given = headers.get(REQUEST_ID, "")
    return given if _SAFE_ID.fullmatch(given) else f"req_{uuid.uuid4().hex}"


def _log_request(scope: Scope, status: int, duration_s: float) -> None:
    state = scope["state"]
    _log.info(
        "request",
        method=scope["method"] if scope["method"].isalpha() else "(odd)",
        route=getattr(scope.get("route"), "path", "(none)"),
        status=status,
        duration_ms=round(duration_s * 1000, 1),
        request_id=state["request_id"],
        n_items=state.get("n_items", 0),
        model=state.get("model", ""),
    )
