"""Addresses and headers of a sensible length, and of one meaning."""

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from serving.errors import HeadersTooLargeError, MalformedRequestError, RequestError
from serving.problems import problem_response


class HeaderLimit:
    """
    Refuses a request by the length of its address and headers together.

    The HTTP parsers bound only what they have to hold back: a long head that comes in
    one piece gets past them. Neither do they count names of hosts, of which RFC 9112
    wants exactly one: who keeps to the first does not go where the second leads.
    """

    def __init__(self, app: ASGIApp, max_bytes: int) -> None:
        self._app = app
        self._max_bytes = max_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or refuse it."""
        if scope["type"] == "http":
            try:
                self._check(scope)
            except RequestError as e:
                answer = problem_response(Request(scope), e)
                answer.headers["Connection"] = "close"
                await answer(scope, receive, send)
                return
        await self._app(scope, receive, send)

    def _check(self, scope: Scope) -> None:
        n_bytes = len(scope.get("raw_path") or b"") + len(scope["query_string"])
        n_hosts = 0
        for name, value in scope["headers"]:
            n_bytes += len(name) + len(value)
            n_hosts += name == b"host"
        if n_bytes > self._max_bytes:
            msg = f"{n_bytes} bytes, at most {self._max_bytes} are read"
            raise HeadersTooLargeError(msg)
        if n_hosts != 1 and (n_hosts or scope.get("http_version") == "1.1"):
            msg = f"{n_hosts} headers Host, a request has one"
            raise MalformedRequestError(msg)
