"""Who may come in is settled before anything of a body is read."""

from collections.abc import Callable, Collection
from typing import cast
from urllib.parse import parse_qs, quote

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from kiemtin.errors import KiemtinError
from serving.access.hosts import host_name, is_loopback
from serving.access.keyring import Keyring
from serving.access.principals import ANONYMOUS, Principal
from serving.access.signing_in import COOKIE, SIGN_IN, is_console
from serving.errors import ForeignHostError, UnauthenticatedError

OPEN = frozenset({"/live", "/ready", "/v2/health/live", "/v2/health/ready", SIGN_IN})
"""These are asked by who watches over the process, and by who has yet to sign in."""
_OPEN_FOLDER = "/static/"
_QUERY_FOLDERS = ("/v1alpha1/", "/$discovery/")
"""Clients of the Perspective API send their key in the address."""

Explain = Callable[[Request, KiemtinError], Response]


class Admission:
    """
    Gives each request its principal, or refuses it.

    What a principal may do is the matter of routes, by ``needs``; but a route that
    forgot to say so is still closed to those without a key. The console is for those
    who signed in; its cookie opens nothing else, so no other site can use it.

    Args:
        app: What comes after.
        explain: Makes an answer of a refusal.
        hosts: Names besides those of loopback under which a service without keys
            answers. A page elsewhere whose name leads to 127.0.0.1 is none of them.
    """

    def __init__(
        self, app: ASGIApp, *, explain: Explain, hosts: Collection[str] = ()
    ) -> None:
        self._app = app
        self._explain = explain
        self._hosts = frozenset(x.lower() for x in hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let one request in, or say why not."""
        if scope["type"] == "http":
            try:
                await self._admit(scope)
            except KiemtinError as e:
                answer = _way_in(scope, e) or self._explain(Request(scope), e)
                await answer(scope, receive, send)
                return
        await self._app(scope, receive, send)

    async def _admit(self, scope: Scope) -> None:
        keyring = cast("Keyring", scope["app"].state.keyring)
        headers = Headers(scope=scope)
        if is_console(scope["path"]):
            # Browsers hide where a form comes from if we ask them to tell nobody.
            scope["state"]["headers"] = {"Referrer-Policy": "same-origin"}
        if _is_open(scope["path"]):
            is_anonymous = keyring.is_open
        else:
            principal = await _holder(scope, headers, keyring)
            scope["state"]["principal"] = principal
            scope["state"]["key"] = principal.key_id
            is_anonymous = principal is ANONYMOUS
        if is_anonymous and not self._is_ours(headers.get("host", "")):
            msg = "without keys only localhost is answered; see KIEMTIN_ALLOWED_HOSTS"
            raise ForeignHostError(msg)

    def _is_ours(self, header: str) -> bool:
        name = host_name(header)
        return is_loopback(name) or name in self._hosts


async def _holder(scope: Scope, headers: Headers, keyring: Keyring) -> Principal:
    if is_console(scope["path"]):
        cookie = Request(scope).cookies.get(COOKIE)
        return await keyring.authenticate_session(cookie)
    return await keyring.authenticate(_secret(scope, headers))


def _way_in(scope: Scope, error: KiemtinError) -> Response | None:
    """Return the way to the door for who wants to see a page of the console."""
    wants_page = is_console(scope["path"]) and scope["method"] in {"GET", "HEAD"}
    if not wants_page or not isinstance(error, UnauthenticatedError):
        return None
    query = scope["query_string"].decode("latin-1")
    wanted = f"{scope['path']}?{query}" if query else scope["path"]
    return RedirectResponse(f"{SIGN_IN}?next={quote(wanted, safe='/')}", 303)


def _is_open(path: str) -> bool:
    return path in OPEN or path.startswith(_OPEN_FOLDER)


def _secret(scope: Scope, headers: Headers) -> str | None:
    scheme, _, secret = headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return secret.strip()
    if scope["path"].startswith(_QUERY_FOLDERS):
        query = parse_qs(scope["query_string"].decode("latin-1"))
        return next(iter(query.get("key", ())), None)
    return None
