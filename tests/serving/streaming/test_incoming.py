"""Lines come in chunks that wait neither for much nor for long."""

import asyncio
from collections.abc import Iterable

import anyio
import pytest
from starlette.requests import ClientDisconnect
from starlette.types import Message

from serving.errors import MalformedEncodingError, StreamIdleError
from serving.streaming.incoming import Incoming

Step = Message | float | Exception
GONE: Message = {"type": "http.disconnect"}


def piece(body: bytes, *, more: bool = True) -> Message:
    """Return a message with *body*."""
    return {"type": "http.request", "body": body, "more_body": more}


class Sender:
    """Sends messages, waits so many seconds, or fails; and counts what was asked for."""

    def __init__(self, script: Iterable[Step]) -> None:
        self._script = iter(script)
        self.n_received = 0

    async def __call__(self) -> Message:
        """Return the next message."""
        self.n_received += 1
        for step in self._script:
            if isinstance(step, float):
                await asyncio.sleep(step)
            elif isinstance(step, Exception):
                raise step
            else:
                return step
        await asyncio.sleep(60)
        return GONE


def read(*script: Step) -> list[tuple[int, int]]:
    """Return the first index and the length of each chunk."""

    async def run() -> list[tuple[int, int]]:
        incoming = Incoming(Sender(script), idle_s=5)
        return [(x.index, len(x.lines)) async for x in incoming.chunks()]

    return anyio.run(run)


def test_a_chunk_is_full_at_64_lines() -> None:
    """Many lines at once are cut in chunks, in order."""
    assert read(piece(b"a\n" * 150, more=False)) == [
        (0, 64),
        (64, 64),
        (128, 22),
    ]


def test_long_lines_make_short_chunks() -> None:
    """A chunk is full too when its lines are long."""
    body = (b"a" * 100_000 + b"\n") * 3

    assert read(piece(body, more=False)) == [(0, 2), (2, 1)]


def test_pieces_are_joined() -> None:
    """Pieces that follow one another fill one chunk."""
    pieces = [piece(b'{"a"'), piece(b":1}\n"), piece(b"b\nc", more=False)]

    assert read(*pieces) == [(0, 3)]


def test_a_lone_line_does_not_wait() -> None:
    """When nothing comes for a moment, what is there goes."""
    script: list[Step] = [
        piece(b"a\n"),
        0.1,
        piece(b"b\n"),
        0.1,
        piece(b"", more=False),
    ]

    assert read(*script) == [(0, 1), (1, 1)]


def test_nothing_comes_for_long() -> None:
    """Who sends nothing is told so, after what was sent."""

    async def run() -> None:
        incoming = Incoming(Sender([piece(b"a\nhalf")]), idle_s=0.05)
        chunks = incoming.chunks()
        assert [len(x.lines) for x in [await anext(chunks)]] == [1]
        with pytest.raises(StreamIdleError, match=r"nothing came for 0\.05 s"):
            await anext(chunks)
        incoming.close()

    anyio.run(run)


def test_an_error_comes_after_the_lines_before_it() -> None:
    """What could be read of a body that breaks is still given."""

    async def run() -> None:
        script: list[Step] = [piece(b"a\nb\nhalf"), MalformedEncodingError("broken")]
        chunks = Incoming(Sender(script), idle_s=5).chunks()
        assert len((await anext(chunks)).lines) == 2
        with pytest.raises(MalformedEncodingError):
            await anext(chunks)

    anyio.run(run)


def test_who_leaves_is_noticed() -> None:
    """A caller who leaves in the middle ends the reading; nothing is half read."""
    with pytest.raises(ClientDisconnect):
        read(piece(b"a\nhalf"), GONE)


def test_nothing_is_received_ahead() -> None:
    """While chunks are not taken, no more is asked for."""

    async def run() -> None:
        sender = Sender([piece(b"a\n" * 64)] * 10)
        chunks = Incoming(sender, idle_s=5).chunks()
        await anext(chunks)
        await asyncio.sleep(0.05)
        assert sender.n_received == 1

    anyio.run(run)
