"""Forms of the console are sent from its own pages, and from nowhere else."""

import hashlib
import hmac
from typing import Any
from urllib.parse import urlsplit

from fastapi import Depends, Request

from serving.access.signing_in import COOKIE
from serving.errors import ForeignFormError

FIELD = "csrf"
HEADER = "X-CSRF"


def csrf_token(cookie: str) -> str:
    """Return what the forms of a session carry; who lacks its cookie cannot know it."""
    return hmac.new(cookie.encode(), b"csrf", hashlib.sha256).hexdigest()


# Coroutines, not functions: for those FastAPI would start a thread each.


async def check_origin(request: Request) -> None:
    """
    Refuse what a page of another site made the browser send.

    Raises:
        ForeignFormError: If that is so.
    """
    site = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin")
    if site is not None:
        is_ours = site in {"same-origin", "none"}
    else:
        host = request.headers.get("host", "")
        is_ours = origin is None or urlsplit(origin).netloc == host
    if not is_ours:
        msg = "the form was sent from another site"
        raise ForeignFormError(msg)


async def check_csrf(request: Request) -> None:
    """
    Refuse a form, or a request of a script, that no page of this session made.

    Raises:
        ForeignFormError: If that is so.
    """
    await check_origin(request)
    given: Any = request.headers.get(HEADER)
    if given is None and _is_plain_form(request):
        given = (await request.form()).get(FIELD)
    wanted = csrf_token(request.cookies.get(COOKIE, ""))
    if not isinstance(given, str) or not hmac.compare_digest(
        given.encode(), wanted.encode()
    ):
        msg = "the form is not of this session; reload the page and send it again"
        raise ForeignFormError(msg)


def _is_plain_form(request: Request) -> bool:
    """Say whether it is a form without files, which would be left open."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    return kind == "application/x-www-form-urlencoded"


needs_csrf = Depends(check_csrf)
"""For every route of the console that changes something."""
needs_same_site = Depends(check_origin)
"""For the form that signs in, which has no session yet."""
