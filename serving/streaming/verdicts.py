"""From a chunk of lines to a line of the answer for each."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import ValidationError

from kiemtin.errors import InputError, KiemtinError
from serving.bodies import POST_VALUES, parse_json
from serving.db import Database
from serving.engine import Engine, Lane, Model, Scored
from serving.errors import (
    DatabaseUnavailableError,
    LineTooLongError,
    QueueFullError,
    RequestError,
)
from serving.items import (
    Found,
    answer,
    answer_failed,
    id_of,
    keep,
    read_item,
    restricted,
)
from serving.judging import item_of
from serving.schemas.score import ScoreIn
from serving.streaming.incoming import Chunk
from serving.streaming.lines import MAX_LINE_BYTES, Line
from serving.values import check_values

_MOST_WAIT_S = 0.5


@dataclass(frozen=True, slots=True)
class Verdict:
    """
    What became of a chunk.

    Attributes:
        lines: An answer to each line, in order.
        n_ok: How many of them were scored.
        model: By which model; None if none was asked.
    """

    lines: list[bytes]
    n_ok: int
    model: Model | None


class Judge:
    """
    Scores chunks, and stores what wants to be stored.

    Args:
        engine: Who scores.
        database: Where to store.
        patience_s: How long to try again while too much waits.
    """

    def __init__(
        self, engine: Engine, database: Database, *, patience_s: float
    ) -> None:
        self._engine = engine
        self._database = database
        self._patience_s = patience_s

    async def judge(self, chunk: Chunk) -> Verdict:
        """Answer each line of *chunk*; whatever goes wrong fails lines, not the stream."""
        read = [_read(line) for line in chunk.lines]
        good = [item for _, item in read if isinstance(item, ScoreIn)]
        found, post_ids, model = await self._score(good)
        done = iter(zip(found, post_ids, strict=True))
        lines = [
            answer(index, item_id, *next(done))
            if isinstance(item, ScoreIn)
            else answer_failed(index, item_id, item)
            for index, (item_id, item) in enumerate(read, chunk.index)
        ]
        n_failed = sum(isinstance(x, KiemtinError) for x in found)
        return Verdict(lines, len(good) - n_failed, model)

    async def _score(
        self, items: Sequence[ScoreIn]
    ) -> tuple[list[Found], list[str | None], Model | None]:
        try:
            scored = await self._ask(items)
        except KiemtinError as e:
            return [e] * len(items), [None] * len(items), None
        model = scored.model
        found: list[Found] = [
            restricted(reply, x, model)
            for reply, x in zip(scored.results, items, strict=True)
        ]
        try:
            post_ids = await keep(found, items, self._database, model)
        except DatabaseUnavailableError as e:
            # As in a batch: who asked to store is not told a score that is not stored.
            found = [
                e if x.store and not isinstance(f, KiemtinError) else f
                for f, x in zip(found, items, strict=True)
            ]
            post_ids = [None] * len(items)
        return found, post_ids, model

    async def _ask(self, items: Sequence[ScoreIn]) -> Scored:
        """Return what the engine says; while it is full, this stream reads no further."""
        until = time.monotonic() + self._patience_s
        asked = [item_of(x) for x in items]
        while True:
            try:
                return await self._engine.score(asked, lane=Lane.BULK)
            except QueueFullError as e:
                if time.monotonic() > until:
                    raise
                await asyncio.sleep(min(e.retry_after_s, _MOST_WAIT_S))


def _read(line: Line) -> tuple[str | None, ScoreIn | KiemtinError]:
    """Return the id and the post of a line, or what is wrong with it."""
    if line is None:
        msg = f"the line has more than {MAX_LINE_BYTES} bytes"
        return None, LineTooLongError(msg)
    try:
        check_values(line, POST_VALUES, "the line")
        item = ScoreIn.model_validate_json(line)
    except (ValidationError, RequestError):
        return _read_exactly(line)
    return item.id, item


def _read_exactly(line: bytes) -> tuple[str | None, ScoreIn | KiemtinError]:
    """Do the same as a batch does; it takes longer, and knows better what is wrong."""
    try:
        raw = parse_json(line, "the line")
    except (InputError, RequestError) as e:
        return None, e
    return id_of(raw), read_item(raw)
