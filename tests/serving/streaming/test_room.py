"""No more of a stream is under way than there is room for."""

import asyncio

import anyio
import pytest

from serving.streaming.incoming import Chunk
from serving.streaming.room import Limits, Room


def chunk(n_lines: int, n_bytes: int = 0) -> Chunk:
    """Return a chunk of that size."""
    return Chunk(0, [b""] * n_lines, n_bytes)


@pytest.mark.parametrize(
    ("first", "second", "fits"),
    [
        (chunk(5), chunk(5), True),
        (chunk(5), chunk(6), False),
        (chunk(1, 99), chunk(1, 1), True),
        (chunk(1, 99), chunk(1, 2), False),
    ],
)
def test_room(first: Chunk, second: Chunk, *, fits: bool) -> None:
    """Both lines and bytes are bounded; room that is given back is taken at once."""

    async def run() -> None:
        room = Room(Limits(n_lines=10, n_bytes=100))
        await room.take(first)
        waiting = asyncio.create_task(room.take(second))
        await asyncio.sleep(0.01)
        assert waiting.done() is fits
        room.give_back(first)
        await waiting

    anyio.run(run)


def test_what_never_fits_goes_alone() -> None:
    """A chunk larger than all the room goes when nothing else is under way."""

    async def run() -> None:
        room = Room(Limits(n_lines=10, n_bytes=100))
        await room.take(chunk(1, 1000))
        after = asyncio.create_task(room.take(chunk(1)))
        await asyncio.sleep(0.01)
        assert not after.done()
        room.give_back(chunk(1, 1000))
        await after

    anyio.run(run)
