"""What happens to every request: an id, a size limit, headers, one line in the log."""

import os
import re
import time
import traceback
from collections.abc import Collection, Iterable, Mapping
from typing import Protocol

import structlog
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from serving.encodings import ACCEPTED, unpacked
from serving.errors import (
    BodyTimeoutError,
    BodyTooLargeError,
    InternalError,
    RequestError,
    UnsupportedMediaTypeError,
)
from serving.patience import Patience
from serving.problems import problem_response

REQUEST_ID = "X-Request-ID"
CSP = "Content-Security-Policy"

RawHeader = tuple[bytes, bytes]

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


_RAW_HEADERS = [
    (name.lower().encode(), value.encode()) for name, value in SECURITY_HEADERS.items()
]
_REQUEST_ID = REQUEST_ID.lower().encode()
_LEFT = 499
"""What nginx says of a caller who left before the answer; nobody receives it."""
_BESIDE = ("code", "key", "queue_ms", "trace_id")
"""What a route or a problem leaves in the state of a request for its line, if it does."""


class RequestMetrics(Protocol):
    """What counts requests."""

    def began(self) -> None:
        """Count a request that is being answered."""

    def ended(
        self, method: str, route: str, status: int, duration_s: float, code: str
    ) -> None:
        """Count it as answered; *code* is that of its problem, empty if it has none."""


class RequestFrame:
    """Gives a request its id, its answer the headers, and both a line in the log."""

    def __init__(self, app: ASGIApp, metrics: RequestMetrics | None = None) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; whatever goes wrong inside is a problem, not a trace."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = time.perf_counter()
        if self._metrics:
            self._metrics.began()
        request_id = _request_id(scope)
        scope.setdefault("state", {})["request_id"] = request_id
        status = bytes_in = bytes_out = 0

        async def receive_counted() -> Message:
            nonlocal bytes_in
            message = await receive()
            bytes_in += len(message.get("body", b""))
            return message

        async def send_framed(message: Message) -> None:
            nonlocal status, bytes_out
            if message["type"] == "http.response.start":
                status = int(message["status"])
                beside = scope["state"].get("headers", {})
                message["headers"] = _framed(
                    message.get("headers", ()), request_id, beside
                )
            else:
                bytes_out += len(message.get("body", b""))
            await send(message)

        try:
            await self._app(scope, receive_counted, send_framed)
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
            duration_s = time.perf_counter() - started
            method = scope["method"] if scope["method"].isalpha() else "(odd)"
            route = getattr(scope.get("route"), "path", "(none)")
            status = status or _LEFT
            state = scope["state"]
            if self._metrics:
                code = state.get("code", "")
                self._metrics.ended(method, route, status, duration_s, code)
            _log.info(
                "request",
                method=method,
                route=route,
                status=status,
                duration_ms=round(duration_s * 1000, 1),
                request_id=request_id,
                n_items=state.get("n_items", 0),
                bytes_in=bytes_in,
                bytes_out=bytes_out,
                model=state.get("model", ""),
                **{x: state[x] for x in _BESIDE if x in state},
            )


class BodyLimit:
    """
    Unpacks a body, and refuses one that is too long, by what it announces and what comes.

    Args:
        app: What is shown only bodies that are whole.
        max_bytes: The most bytes of a body, before it is unpacked and after.
        max_s: How long it may take to come.
        streamed: Paths whose bodies are unpacked, but neither held back nor limited.
    """

    def __init__(
        self,
        app: ASGIApp,
        max_bytes: int,
        max_s: float = 60,
        streamed: Collection[str] = (),
    ) -> None:
        self._app = app
        self._max_bytes = max_bytes
        self._max_s = max_s
        self._patience = Patience(max_s)
        self._streamed = frozenset(streamed)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hold the body back until it is whole and known to be short enough."""
        if scope["type"] != "http" or scope["method"] in {"GET", "HEAD", "OPTIONS"}:
            await self._app(scope, receive, send)
            return
        try:
            if scope["path"] in self._streamed:
                receive_body: Receive | None = unpacked(scope, receive)
            else:
                receive_body = await self._in_time(scope, receive)
        except RequestError as e:
            await refuse(e, scope, receive, send)
            return
        if receive_body is not None:
            await self._app(scope, receive_body, send)

    async def _in_time(self, scope: Scope, receive: Receive) -> Receive | None:
        try:
            return await self._patience.wait(self._whole(scope, receive))
        except TimeoutError:
            raise late(self._max_s) from None

    async def _whole(self, scope: Scope, receive: Receive) -> Receive | None:
        """Return what gives the body again; None if its sender left before its end."""
        self._check(_announced(scope))
        receive_body = unpacked(scope, self._counted(receive))
        held: list[Message] = []
        n_bytes, more = 0, True
        while more:
            message = await receive_body()
            if message["type"] != "http.request":
                return None
            held.append(message)
            n_bytes += len(message.get("body", b""))
            self._check(n_bytes)
            more = message.get("more_body", False)
        messages = iter(held)

        async def replay() -> Message:
            return next(messages, None) or await receive()

        return replay

    def _counted(self, receive: Receive) -> Receive:
        """Return *receive*, which refuses more than the limit before it is unpacked."""
        n_bytes = 0

        async def receive_counted() -> Message:
            nonlocal n_bytes
            message = await receive()
            n_bytes += len(message.get("body", b""))
            self._check(n_bytes)
            return message

        return receive_counted

    def _check(self, n_bytes: int) -> None:
        if n_bytes > self._max_bytes:
            msg = f"{n_bytes} bytes or more, at most {self._max_bytes} are read"
            raise BodyTooLargeError(msg)


def late(max_s: float) -> BodyTimeoutError:
    """Return what to say of a body that took longer than *max_s* to come."""
    return BodyTimeoutError(f"the body did not end in {max_s:g} s")


async def refuse(
    error: RequestError, scope: Scope, receive: Receive, send: Send
) -> None:
    """Answer a request with *error*, and read no other on its connection."""
    answer = problem_response(Request(scope), error)
    answer.headers["Connection"] = "close"
    if isinstance(error, UnsupportedMediaTypeError):
        answer.headers["Accept-Encoding"] = ACCEPTED
    await answer(scope, receive, send)


def _announced(scope: Scope) -> int:
    lengths = [v for k, v in scope["headers"] if k == b"content-length"]
    return int(lengths[0]) if lengths and lengths[0].isdigit() else 0


def _request_id(scope: Scope) -> str:
    for name, value in scope["headers"]:
        if name == _REQUEST_ID:
            given = value.decode("latin-1")
            if _SAFE_ID.fullmatch(given):
                return str(given)
    return new_request_id()


def new_request_id() -> str:
    """Return an id for a request that brought none."""
    return f"req_{os.urandom(16).hex()}"


def _framed(
    headers: Iterable[RawHeader], request_id: str, beside: Mapping[str, str]
) -> list[RawHeader]:
    """Return *headers* with what others left, and ours where they say nothing."""
    framed = [*headers, (_REQUEST_ID, request_id.encode())]
    framed += [(k.lower().encode(), v.encode()) for k, v in beside.items()]
    present = {name for name, _ in framed}
    framed += [x for x in _RAW_HEADERS if x[0] not in present]
    return framed
