"""How much of a stream may be under way at once."""

import asyncio
from dataclasses import dataclass

from serving.streaming.incoming import Chunk


@dataclass(frozen=True, slots=True)
class Limits:
    """So many lines, and bytes of lines, may be read and not yet answered."""

    n_lines: int
    n_bytes: int


class Room:
    """What is under way; one waits to add to it, another gives back."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._n_lines = self._n_bytes = 0
        self._changed = asyncio.Event()

    async def take(self, chunk: Chunk) -> None:
        """Wait until *chunk* fits; one that never would goes alone."""
        while self._n_lines and not self._fits(chunk):
            self._changed.clear()
            await self._changed.wait()
        self._n_lines += len(chunk.lines)
        self._n_bytes += chunk.n_bytes

    def give_back(self, chunk: Chunk) -> None:
        """Say that *chunk* was answered."""
        self._n_lines -= len(chunk.lines)
        self._n_bytes -= chunk.n_bytes
        self._changed.set()

    def _fits(self, chunk: Chunk) -> bool:
        return (
            self._n_lines + len(chunk.lines) <= self._limits.n_lines
            and self._n_bytes + chunk.n_bytes <= self._limits.n_bytes
        )
