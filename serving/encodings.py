"""Bodies that come compressed: unpacked piece by piece, and never further than asked."""

import asyncio
import zlib
from collections.abc import Callable, Iterator
from typing import Protocol

from backports import zstd
from starlette.types import Message, Receive, Scope

from serving.errors import MalformedEncodingError, UnsupportedMediaTypeError

ACCEPTED = "gzip, zstd"
PIECE_BYTES = 1 << 16
"""The most that is unpacked at a time, however much more there is."""

_ZSTD_WINDOW_LOG = 23
"""8 MiB: more than this no sender of a Content-Encoding may ask for (RFC 9659)."""
_GZIP_ONLY = 16 + zlib.MAX_WBITS


class Member(Protocol):
    """One of the compressed files that may stand behind one another in a body."""

    def unpack(self, data: bytes) -> Iterator[bytes]:
        """Yield what *data* adds, in pieces of at most ``PIECE_BYTES``."""

    @property
    def rest(self) -> bytes | None:
        """What came behind the member's end; None before it."""


class GzipMember:
    """A member of a gzip file (RFC 1952)."""

    def __init__(self) -> None:
        self._inflate = zlib.decompressobj(_GZIP_ONLY)

    def unpack(self, data: bytes) -> Iterator[bytes]:
        """Yield what *data* adds."""
        while data and not self._inflate.eof:
            yield self._inflate.decompress(data, PIECE_BYTES)
            data = self._inflate.unconsumed_tail

    @property
    def rest(self) -> bytes | None:
        """What came behind the checksum."""
        return self._inflate.unused_data if self._inflate.eof else None


class ZstdFrame:
    """A frame of Zstandard (RFC 8878)."""

    def __init__(self) -> None:
        option = zstd.DecompressionParameter.window_log_max
        self._frame = zstd.ZstdDecompressor(options={option: _ZSTD_WINDOW_LOG})

    def unpack(self, data: bytes) -> Iterator[bytes]:
        """Yield what *data* adds."""
        while not self._frame.eof and (data or not self._frame.needs_input):
            yield self._frame.decompress(data, PIECE_BYTES)
            data = b""

    @property
    def rest(self) -> bytes | None:
        """What came behind the frame."""
        return self._frame.unused_data if self._frame.eof else None


_MEMBERS: dict[str, Callable[[], Member]] = {
    "gzip": GzipMember,
    "x-gzip": GzipMember,  # the same, says RFC 9110
    "zstd": ZstdFrame,
}


class Unpacker:
    """Unpacks a body of one or more members."""

    def __init__(self, open_member: Callable[[], Member]) -> None:
        self._open = open_member
        self._member: Member | None = None
        self._n_members = 0

    def feed(self, data: bytes) -> Iterator[bytes]:
        """
        Yield what *data* adds, a piece at a time; some pieces are empty.

        Raises:
            MalformedEncodingError: If it is not what it says it is.
        """
        while data:
            if self._member is None:
                self._member = self._open()
                self._n_members += 1
            try:
                yield from self._member.unpack(data)
            except (zlib.error, zstd.ZstdError) as e:
                msg = f"the body cannot be unpacked, at member {self._n_members}"
                raise MalformedEncodingError(msg) from e
            if self._member.rest is None:
                return
            data, self._member = self._member.rest, None

    def finish(self) -> None:
        """
        Say that nothing more comes.

        Raises:
            MalformedEncodingError: If something should.
        """
        if self._member is not None or not self._n_members:
            msg = "the body ends before its compressed data does"
            raise MalformedEncodingError(msg)


def unpacked(scope: Scope, receive: Receive) -> Receive:
    """
    Return what receives the body of *scope* as it was before it was compressed.

    Raises:
        UnsupportedMediaTypeError: If it was compressed as we cannot undo.
    """
    codings = [v for k, v in scope["headers"] if k == b"content-encoding"]
    if not codings:
        return receive
    name = b",".join(codings).decode("latin-1").strip().lower()
    if name in {"", "identity"}:
        return receive
    if name not in _MEMBERS:
        msg = f"bodies are not compressed, or by one of {ACCEPTED}"
        raise UnsupportedMediaTypeError(msg)
    gone = {b"content-encoding", b"content-length"}
    scope["headers"] = [(k, v) for k, v in scope["headers"] if k not in gone]
    return _Unpacked(Unpacker(_MEMBERS[name]), receive)


class _Unpacked:
    """Receives what the compressed messages of a body hold."""

    def __init__(self, unpacker: Unpacker, receive: Receive) -> None:
        self._unpacker = unpacker
        self._receive = receive
        self._pieces: Iterator[bytes] = iter(())
        self._is_in = self._is_over = False

    async def __call__(self) -> Message:
        """Return the next piece of the body, or what comes when it is over."""
        while not self._is_over:
            await asyncio.sleep(0)  # others have their turn while a bomb unfolds
            piece = next(self._pieces, None)
            if piece is not None:
                return {"type": "http.request", "body": piece, "more_body": True}
            if self._is_in:
                self._is_over = True
                self._unpacker.finish()
                return {"type": "http.request", "body": b"", "more_body": False}
            message = await self._receive()
            if message["type"] != "http.request":
                return message
            self._is_in = not message.get("more_body", False)
            self._pieces = self._unpacker.feed(message.get("body", b""))
        return await self._receive()
