"""
What goes between the service and its workers: frames over a socket pair.

A frame is its length in four bytes, the length of its head in four bytes, the head
(JSON), and the body (bytes that need not be read on the way). Both ends are ours: a
worker is a child that inherits its end.
"""

import json
from collections.abc import Iterator
from typing import Any

_SIZE = 4
MAX_BYTES = 1 << 30

Head = dict[str, Any]


def pack(head: Head, body: bytes = b"") -> bytes:
    """Return a frame."""
    # ASCII: half of a surrogate pair, which a text may hold, has no UTF-8.
    encoded = json.dumps(head, ensure_ascii=True, separators=(",", ":")).encode()
    n_bytes = _SIZE + len(encoded) + len(body)
    return b"".join(
        (n_bytes.to_bytes(_SIZE), len(encoded).to_bytes(_SIZE), encoded, body)
    )


def size_of(prefix: bytes) -> int:
    """Return how many bytes come after these first four of a frame."""
    return int.from_bytes(prefix)


def unpack(content: bytes) -> tuple[Head, bytes]:
    """Return head and body of a frame without its first four bytes."""
    end = _SIZE + int.from_bytes(content[:_SIZE])
    return json.loads(content[_SIZE:end]), content[end:]


class Frames:
    """Finds frames in bytes that come in pieces."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, piece: bytes) -> Iterator[tuple[Head, bytes]]:
        """Yield the frames that *piece* completes."""
        buffer = self._buffer
        buffer += piece
        while len(buffer) >= _SIZE:
            end = _SIZE + size_of(bytes(buffer[:_SIZE]))
            if len(buffer) < end:
                return
            content = bytes(buffer[_SIZE:end])
            del buffer[:end]
            yield unpack(content)
