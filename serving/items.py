"""The items of batches and streams: each is read, judged and answered alone."""

from collections.abc import Sequence

import anyio.to_thread
from pydantic import TypeAdapter, ValidationError

from kiemtin.errors import KiemtinError
from kiemtin.schemas import ErrorOut
from serving.db import Database
from serving.engine import Model, Reply
from serving.judging import restrict, store
from serving.schemas.score import FailedItemOut, Id, ScoreIn
from serving.validation import first_error

Found = Reply | KiemtinError

FAILED = b'{"status":"error"'
"""How the answer to an item begins that was not scored, and no other."""

_ID: TypeAdapter[str] = TypeAdapter(Id)


def id_of(raw: object) -> str | None:
    """Return the id of an item that may be anything."""
    if not isinstance(raw, dict) or raw.get("id") is None:
        return None
    try:
        return _ID.validate_python(raw["id"])
    except ValidationError:
        return None


def read_item(raw: object) -> ScoreIn | KiemtinError:
    """Return an item that may be anything, checked, or what is wrong with it."""
    try:
        return ScoreIn.model_validate(raw)
    except ValidationError as e:
        return first_error(e.errors(include_input=False, include_url=False))


def restricted(reply: Found, item: ScoreIn, model: Model) -> Found:
    """Return *reply* with the labels that *item* asks for; unread if it wants all."""
    if isinstance(reply, KiemtinError) or item.labels is None:
        return reply
    return Reply.of(restrict(reply.parse(), item.labels, model.policy))


async def keep(
    found: Sequence[Found], items: Sequence[ScoreIn], database: Database, model: Model
) -> list[str | None]:
    """Store what wants to be stored, and return the ids; None for the others."""
    kept = [
        (item.text, reply.parse())
        for item, reply in zip(items, found, strict=True)
        if item.store and isinstance(reply, Reply)
    ]
    if not kept:
        return [None] * len(items)
    ids = iter(await anyio.to_thread.run_sync(store, database, kept, model))
    return [
        next(ids) if item.store and isinstance(reply, Reply) else None
        for item, reply in zip(items, found, strict=True)
    ]


def answer(index: int, item_id: str | None, found: Found, post_id: str | None) -> bytes:
    """Return the JSON for an item that was given to the engine."""
    if isinstance(found, KiemtinError):
        return answer_failed(index, item_id, found)
    stored = b',"post_id":"%s"' % post_id.encode() if post_id else b""
    return b'%s,"index":%d,"status":"ok"%s}' % (found.json[:-1], index, stored)


def answer_failed(index: int, item_id: str | None, error: KiemtinError) -> bytes:
    """Return the JSON for an item that was not scored."""
    item = FailedItemOut(
        status="error",
        id=item_id,
        index=index,
        error=ErrorOut(code=error.code, detail=str(error)),
    )
    return item.model_dump_json().encode()
