"""Signing in to the console with a key, and out again."""

import re
import secrets
from dataclasses import dataclass
from datetime import timedelta

import anyio.to_thread
from starlette.requests import HTTPConnection
from starlette.responses import Response

from serving.access.keyring import Keyring
from serving.access.principals import Principal
from serving.access.secrets import digest_of
from serving.access.throttle import Throttle
from serving.db import Database, Sessions, StoredSession

COOKIE = "kiemtin_session"
"""The cookie of the console; no other address looks at it."""
CONSOLE = "/console"
SIGN_IN = f"{CONSOLE}/sign-in"
_N_BYTES = 32
_LOCAL = re.compile(r"/console(?:/[\w./-]*)?(?:\?[\w./?&=%+~-]*)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Somebody who just signed in, with the only copy of their cookie."""

    cookie: str
    principal: Principal


class SignIns:
    """
    Lets people in, and out.

    A sign-in hangs on its key: it opens what the key opens, and ends with it.

    Args:
        database: Where sign-ins are remembered.
        keyring: Who knows the keys, and who is signed in.
        hours: How long a sign-in lasts.
        throttle: Who bounds wrong keys.
    """

    def __init__(
        self,
        database: Database,
        keyring: Keyring,
        *,
        hours: float,
        throttle: Throttle | None = None,
    ) -> None:
        self._database = database
        self._keyring = keyring
        self._lifetime = timedelta(hours=hours)
        self._throttle = throttle or Throttle()

    async def sign_in(self, secret: str, address: str = "") -> SignedIn:
        """
        Begin a session for who holds *secret*.

        Args:
            secret: A key; white space around it is forgiven.
            address: Where the request came from; it is kept only in memory.

        Raises:
            UnauthenticatedError: If it is no key that is valid, whatever the reason.
            RateLimitedError: If the address was wrong too often.
            DatabaseUnavailableError: If nobody can be asked, or nothing written.
        """
        with self._throttle.attempt(address):
            principal = await self._keyring.identify(secret.strip())
        cookie = secrets.token_urlsafe(_N_BYTES)
        await anyio.to_thread.run_sync(self._begin, cookie, principal)
        await self._keyring.reload()
        return SignedIn(cookie, principal)

    async def sign_out(self, cookie: str) -> None:
        """
        End the session of *cookie*, in every replica within five seconds.

        Raises:
            UnauthenticatedError: If it is over already.
            DatabaseUnavailableError: If nothing can be written.
        """
        principal = await self._keyring.authenticate_session(cookie)
        await anyio.to_thread.run_sync(self._end, cookie, principal)
        await self._keyring.reload()

    def give_cookie(
        self, request: HTTPConnection, response: Response, cookie: str
    ) -> None:
        """Let *response* set the cookie; no script reads it, no other site sends it."""
        response.set_cookie(
            COOKIE,
            cookie,
            max_age=int(self._lifetime.total_seconds()),
            path="/",
            secure=request.url.scheme == "https",
            httponly=True,
            samesite="strict",
        )

    def _begin(self, cookie: str, principal: Principal) -> None:
        with self._database.work(principal.person) as work:
            sessions = Sessions(work.session)
            sessions.purge(work.now)
            ends = work.now + self._lifetime
            stored = StoredSession(digest_of(cookie), principal.key_id, ends)
            sessions.add(stored, work.now)
            work.note("session.start", principal.key_id)
            work.commit()

    def _end(self, cookie: str, principal: Principal) -> None:
        with self._database.work(principal.person) as work:
            if Sessions(work.session).end(digest_of(cookie)):
                work.note("session.end", principal.key_id)
            work.commit()


def take_cookie(response: Response) -> None:
    """Let *response* take the cookie back."""
    response.delete_cookie(COOKIE, path="/", httponly=True, samesite="strict")


def is_console(path: str) -> bool:
    """Say whether *path* is a page for those who signed in, or the way to do so."""
    return path == CONSOLE or path.startswith(f"{CONSOLE}/")


def safe_next(path: str) -> str:
    """Return *path* if it leads to a page of the console; else where the console begins."""
    is_ours = _LOCAL.fullmatch(path) and "//" not in path and ".." not in path
    return path if is_ours and not path.startswith(SIGN_IN) else CONSOLE
