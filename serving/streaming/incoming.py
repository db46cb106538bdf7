"""The lines of a request as they come, in chunks that are worth a call."""

import asyncio
from collections.abc import AsyncGenerator, Iterator
from dataclasses import dataclass, field
from itertools import chain

from starlette.requests import ClientDisconnect
from starlette.types import Message, Receive

from serving.errors import RequestError, StreamIdleError
from serving.streaming.lines import Line, Splitter

_MOST_LINES = 64
_MOST_BYTES = 1 << 17
_LULL_S = 0.008
"""A line waits no longer for company than this."""


@dataclass(slots=True)
class Chunk:
    """
    Lines that stood behind one another.

    Attributes:
        index: Which line of the stream the first of them is.
    """

    index: int
    lines: list[Line] = field(default_factory=list)
    n_bytes: int = 0

    def add(self, line: Line) -> None:
        """Put *line* behind the others."""
        self.lines.append(line)
        self.n_bytes += len(line or b"")

    @property
    def is_full(self) -> bool:
        """Whether no other line should come in."""
        return len(self.lines) >= _MOST_LINES or self.n_bytes >= _MOST_BYTES

    def following(self) -> "Chunk":
        """Return an empty one for the lines behind these."""
        return Chunk(self.index + len(self.lines))


class Incoming:
    """
    What a caller sends.

    Args:
        receive: Gives the body, piece by piece.
        idle_s: How long a caller may send nothing.
    """

    def __init__(self, receive: Receive, *, idle_s: float) -> None:
        self._receive = receive
        self._idle_s = idle_s
        self._receiving: asyncio.Task[Message] | None = None
        self._splitter = Splitter()
        self._chunk = Chunk(0)
        self._is_over = False

    async def begin(self) -> None:
        """Ask for the first piece, without waiting for it."""
        self._receiving = asyncio.ensure_future(self._receive())
        await asyncio.sleep(0)

    async def chunks(self) -> AsyncGenerator[Chunk]:
        """
        Yield the lines; no more is received while a chunk is not taken.

        Raises:
            RequestError: If the body cannot be read further, after what came before.
            ClientDisconnect: If the caller left.
        """
        error: RequestError | None = None
        while not self._is_over:
            try:
                lines = await self._more()
            except RequestError as e:
                error = e
                break
            for line in lines or ():
                self._chunk.add(line)
                if self._chunk.is_full:
                    yield self._cut()
            if lines is None:
                yield self._cut()
        if self._chunk.lines:
            yield self._cut()
        if error is not None:
            raise error

    async def _more(self) -> Iterator[Line] | None:
        """Return the lines of the next piece; None if those that wait should go first."""
        message = await self._next(_LULL_S if self._chunk.lines else self._idle_s)
        if message is None:
            if self._chunk.lines:
                return None
            msg = f"nothing came for {self._idle_s:g} s"
            raise StreamIdleError(msg)
        lines = self._splitter.feed(message.get("body", b""))
        self._is_over = not message.get("more_body", False)
        return chain(lines, self._splitter.finish()) if self._is_over else lines

    def _cut(self) -> Chunk:
        chunk, self._chunk = self._chunk, self._chunk.following()
        return chunk

    async def watch(self) -> None:
        """
        Wait for the caller, who sent everything, to leave.

        Raises:
            ClientDisconnect: As soon as it does.
        """
        while True:
            await self._next(None)

    def close(self) -> None:
        """Receive nothing more."""
        if self._receiving is not None:
            self._receiving.cancel()

    async def _next(self, seconds: float | None) -> Message | None:
        """Return the next message; None if there is none for so many *seconds*."""
        if self._receiving is None:
            self._receiving = asyncio.ensure_future(self._receive())
        await asyncio.wait({self._receiving}, timeout=seconds)
        if not self._receiving.done():
            return None
        message, self._receiving = self._receiving.result(), None
        if message["type"] != "http.request":
            raise ClientDisconnect
        return message
