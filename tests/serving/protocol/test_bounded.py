"""Requests that never get to their end, on a real connection."""

import asyncio

import pytest

from serving.protocol import Bounds
from tests.fixtures.talking import GET, USUAL, serve, status_of


def test_one_request_after_another() -> None:
    """A connection is kept, with bodies and without, long and short."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for n in (0, 5, 300_000, 0):
            body = b"x" * n
            head = f"POST / HTTP/1.1\r\nhost: a\r\ncontent-length: {n}\r\n\r\n"
            writer.write(head.encode() + body)
            assert await status_of(reader) == 200
        for _ in range(5):
            writer.write(GET)
            assert await status_of(reader) == 200

    serve(talk)


def test_a_head_in_small_pieces() -> None:
    """A head may come byte by byte, as long as it comes."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for byte in GET:
            writer.write(bytes([byte]))
            await writer.drain()
            await asyncio.sleep(0)
        assert await status_of(reader) == 200

    serve(talk)


@pytest.mark.parametrize(
    "start",
    [b"GET / HTTP/1.1\r\n", b"GET / HTTP/1.1\r\nx: ", b"GET /", GET + b"GET /"],
    ids=["headers", "header", "address", "second request"],
)
def test_a_head_without_end(start: bytes) -> None:
    """A head is not collected further than the limit, whatever of it is long."""
    filler = b"x: y\r\n" * 1_000 if start.endswith(b"1.1\r\n") else b"a" * 6_000

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        sent = 0
        writer.write(start)
        if start.startswith(GET):
            assert await status_of(reader) == 200
        answering = asyncio.create_task(reader.read())
        while not answering.done():
            writer.write(filler)
            sent += len(filler)
            await writer.drain()
            await asyncio.sleep(0.001)
        answer = await answering
        assert answer.startswith(b"HTTP/1.1 431 ")
        assert b'"code":"headers_too_large"' in answer
        assert USUAL.head_bytes <= sent < 20 * USUAL.head_bytes

    serve(talk)


@pytest.mark.parametrize("start", [b"", b"GET / HT", GET + b"GET /"])
def test_a_head_that_does_not_come(start: bytes) -> None:
    """Who opens a connection and says nothing, or not all, is not waited for."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(start)
        if start.startswith(GET):
            assert await status_of(reader) == 200
        assert await reader.read() == b""

    serve(talk, Bounds(head_s=0.05), keep_alive_s=1)


@pytest.mark.parametrize(
    "request_",
    [
        b"HELO there\r\n\r\n",
        b"BREW / HTTP/1.1\r\nhost: a\r\n\r\n",
        b"GET / HTTP/1.1\r\nhost: a\r\nx: y\r\n folded\r\n\r\n",
        b"GET / HTTP/1.1\r\nhost: a\r\nx : y\r\n\r\n",
        b"GET / HTTP/1.1\r\nhost: a\r\nx: \0\r\n\r\n",
        b"GET / HTTP/1.1\nhost: a\n\n",
        b"GET /\xc4\x91 HTTP/1.1\r\nhost: a\r\n\r\n",
        b"POST / HTTP/1.1\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
        b"POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\ncontent-length: 5\r\n\r\n0\r\n\r\n",
        b"POST / HTTP/1.1\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\n12345",
        b"POST / HTTP/1.1\r\ncontent-length: 5, 6\r\n\r\n12345",
        b"POST / HTTP/1.1\r\ncontent-length: +5\r\n\r\n12345",
        b"POST / HTTP/1.1\r\ncontent-length: -5\r\n\r\n12345",
        b"POST / HTTP/1.1\r\ncontent-length: 0x5\r\n\r\n12345",
        b"POST / HTTP/1.1\r\ncontent-length: 99999999999999999999999\r\n\r\n",
        b"POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n5;\n12345\r\n0\r\n\r\n",
        b"POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n-1\r\n12345\r\n0\r\n\r\n",
        b"POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n1\r\n12345\r\n0\r\n\r\n",
        b"POST / HTTP/1.1\r\ntransfer-encoding: chunked, identity\r\n\r\n0\r\n\r\n",
        b"POST / HTTP/1.1\r\ntransfer-encoding: xchunked\r\n\r\n0\r\n\r\n",
    ],
    ids=lambda x: x[:60],
)
def test_what_could_be_read_in_two_ways(request_: bytes) -> None:
    """A request that a proxy might see end elsewhere is refused, and nothing behind it."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(request_ + GET)
        writer.write_eof()
        answer = await reader.read()
        assert b'"code":"malformed_request"' in answer.partition(b"\r\n\r\n")[2]
        assert b"HTTP/1.1 400 " in answer
        assert not answer.endswith(b"content-length: 0\r\n\r\n")

    serve(talk)
