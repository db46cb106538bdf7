"""A request that is sent twice with one Idempotency-Key is done once."""

import hashlib
import hmac
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import cast

import anyio
import anyio.to_thread
import structlog
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kiemtin.errors import KiemtinError
from serving.db import Database, IdempotentRequests, StoredAnswer
from serving.errors import (
    DatabaseUnavailableError,
    IdempotencyInProgressError,
    IdempotencyMismatchError,
    InvalidFieldError,
)
from serving.problems import problem_response

HEADER = "Idempotency-Key"
REPLAYED = "Idempotent-Replayed"
KEPT_H = 24
"""How long an answer can be had again."""
MOST_BYTES = 1024 * 1024
"""A longer answer is not kept."""
RETRY_S = 2
_KEPT_HEADERS = ("content-type", "etag", "location")
_KEY = re.compile(r"[\x21-\x7e]{1,255}")
_INTERVAL_S = 3600
_WRITES = re.compile(
    r"/v1/(posts|models/[^/]+|(cases|decisions|appeals|webhooks|goldens)(/.*)?)"
)
_LEASES = re.compile(r".*[/:](claim|renew|release|undo)")
"""These come to the same when they are repeated; an old lease would mislead."""

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Asked:
    """One try of a request."""

    id: str
    body_digest: str
    at: datetime


@dataclass(slots=True)
class _Held:
    """An answer that is kept before it is sent."""

    messages: list[Message] = field(default_factory=list)
    n_bytes: int = 0

    async def take(self, message: Message) -> None:
        self.messages.append(message)
        self.n_bytes += len(message.get("body", b""))

    @property
    def status(self) -> int:
        return int(self.messages[0]["status"]) if self.messages else 0

    @property
    def is_keepable(self) -> bool:
        # What failed has changed nothing: it may be tried again, also otherwise.
        return 200 <= self.status < 300 and self.n_bytes <= MOST_BYTES  # noqa: PLR2004 -- success

    @property
    def headers(self) -> dict[str, str]:
        headers = Headers(raw=self.messages[0]["headers"])
        return {x: headers[x] for x in _KEPT_HEADERS if x in headers}

    @property
    def body(self) -> bytes:
        return b"".join(x.get("body", b"") for x in self.messages)


class Idempotency:
    """
    Answers a repeat with what the first was answered.

    What is kept of a request is a digest; of its answer, all. So none of these answers
    shows the text of a post, and a route whose answer must not be kept sets
    ``request.state.keep_answer`` to False.

    Args:
        app: Answers what was not answered yet; it is shown bodies that are whole.
        most_s: How long a request takes at most. One that was begun longer ago and has
            no answer was cut off, and is done by the next who asks.
    """

    def __init__(self, app: ASGIApp, *, most_s: float) -> None:
        self._app = app
        self._most = timedelta(seconds=most_s)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        key = _key_of(scope)
        if key is None:
            await self._app(scope, receive, send)
            return
        try:
            await self._answer(key, scope, receive, send)
        except KiemtinError as e:
            await problem_response(Request(scope), e)(scope, receive, send)

    async def _answer(
        self, key: str, scope: Scope, receive: Receive, send: Send
    ) -> None:
        if not _KEY.fullmatch(key):
            msg = f"{HEADER} must be 1 to 255 visible letters, digits or signs"
            raise InvalidFieldError(msg)
        messages = await _whole(receive)
        asked = _asked(key, scope, messages)
        database = cast("Database", scope["app"].state.database)
        known = await anyio.to_thread.run_sync(self._begin, database, asked)
        if known is not None:
            await _replay(known, asked, send)
            return
        held = _Held()
        try:
            await self._app(scope, _again(messages, receive), held.take)
        except Exception:
            await anyio.to_thread.run_sync(_end, database, asked, None)
            raise
        is_kept = scope["state"].get("keep_answer", True)
        kept = held if is_kept and held.is_keepable else None
        await anyio.to_thread.run_sync(_end, database, asked, kept)
        for message in held.messages:
            await send(message)

    def _begin(self, database: Database, asked: Asked) -> StoredAnswer | None:
        with database.session() as session:
            known = IdempotentRequests(session).begin(
                asked.id,
                asked.body_digest,
                asked.at,
                lost_before=asked.at - self._most,
                over_before=asked.at - timedelta(hours=KEPT_H),
            )
            session.commit()
        return known


def is_repeatable(path: str) -> bool:
    """Say whether a POST to *path* may carry the header."""
    return _WRITES.fullmatch(path) is not None and _LEASES.fullmatch(path) is None


def _key_of(scope: Scope) -> str | None:
    if scope["type"] != "http" or scope["method"] != "POST":
        return None
    return Headers(scope=scope).get(HEADER) if is_repeatable(scope["path"]) else None


def _asked(key: str, scope: Scope, messages: list[Message]) -> Asked:
    """Return what tells the request apart; nobody gets back to a text from that."""
    who = scope["state"]["principal"].key_id
    name = "\0".join((who, scope["path"], key))
    content = hmac.new(key.encode(), digestmod=hashlib.sha256)
    content.update(scope["query_string"] + b"\0")
    for message in messages:
        content.update(message.get("body", b""))
    return Asked(
        id=hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest(),
        body_digest=content.hexdigest(),
        at=datetime.now(UTC),
    )


async def _replay(known: StoredAnswer, asked: Asked, send: Send) -> None:
    if not hmac.compare_digest(known.body_digest, asked.body_digest):
        msg = f"another request came with this {HEADER}"
        raise IdempotencyMismatchError(msg)
    if known.status is None:
        msg = f"the request with this {HEADER} is just being answered; ask again"
        raise IdempotencyInProgressError(msg, retry_after_s=RETRY_S)
    headers = {**known.headers, REPLAYED.lower(): "true"}
    if known.body:
        headers["content-length"] = str(len(known.body))
    raw = [(k.encode("latin-1"), v.encode("latin-1")) for k, v in headers.items()]
    await send({"type": "http.response.start", "status": known.status, "headers": raw})
    await send({"type": "http.response.body", "body": known.body})


def _end(database: Database, asked: Asked, held: _Held | None) -> None:
    """Keep the answer, or let the request be tried again."""
    try:
        with database.session() as session:
            requests = IdempotentRequests(session)
            if held is not None:
                requests.finish(
                    asked.id,
                    asked.at,
                    status=held.status,
                    headers=held.headers,
                    body=held.body,
                )
            else:
                requests.give_up(asked.id, asked.at)
            session.commit()
    except DatabaseUnavailableError as e:
        # What was done is done; its answer goes out all the same.
        _log.warning("answer_not_kept", code=e.code)


async def _whole(receive: Receive) -> list[Message]:
    messages = [await receive()]
    while messages[-1]["type"] == "http.request" and messages[-1].get("more_body"):
        messages.append(await receive())
    return messages


def _again(messages: list[Message], receive: Receive) -> Receive:
    waiting = iter(messages)

    async def receive_again() -> Message:
        return next(waiting, None) or await receive()

    return receive_again


def purge(database: Database, *, now: datetime | None = None) -> None:
    """Forget the answers that cannot be had any more."""
    before = (now or datetime.now(UTC)) - timedelta(hours=KEPT_H)
    with database.session() as session:
        IdempotentRequests(session).purge(before)
        session.commit()


async def keep_purging_answers(database: Database) -> None:
    """Purge now and every hour; a database that is away is tried again."""
    while True:
        try:
            await anyio.to_thread.run_sync(lambda: purge(database))
        except DatabaseUnavailableError as e:
            _log.warning("answers_not_purged", code=e.code)
        await anyio.sleep(_INTERVAL_S)
