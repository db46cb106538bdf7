"""From pieces of a body to its lines."""

from collections.abc import Iterator

MAX_LINE_BYTES = 1 << 20
"""More than the longest text takes when JSON escapes all of it."""

Line = bytes | None
"""A line without its end; None for one that is too long to be held."""

_BOM = b"\xef\xbb\xbf"


class Splitter:
    """Holds what came of a line until its end comes, or it is too long."""

    def __init__(self, max_bytes: int = MAX_LINE_BYTES) -> None:
        self._max_bytes = max_bytes
        self._held = bytearray()
        self._is_too_long = False
        self._is_first = True

    def feed(self, data: bytes) -> Iterator[Line]:
        """Yield each line that ends in *data* and is not blank."""
        *ended, rest = data.split(b"\n")
        for part in ended:
            self._hold(part)
            yield from self.finish()
        self._hold(rest)

    def finish(self) -> Iterator[Line]:
        """Yield what is held as a line, unless it is blank."""
        line = None if self._is_too_long else bytes(self._held)
        if self._is_first and line is not None:
            line = line.removeprefix(_BOM)
        self._is_first = self._is_too_long = False
        self._held.clear()
        if line is None or line.strip():
            yield line

    def _hold(self, part: bytes) -> None:
        if self._is_too_long or len(self._held) + len(part) > self._max_bytes:
            self._is_too_long = True
            self._held.clear()
        else:
            self._held += part
