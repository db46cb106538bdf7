"""Answers that nobody takes, bodies that nobody wants, and who has to leave."""

import asyncio
from contextlib import suppress

import pytest
from starlette.types import Receive, Scope, Send

from serving.protocol import Bounds
from tests.fixtures.talking import GET, serve, status_of


async def _refuse(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer before the body was read, and close."""
    headers = [(b"content-length", b"4"), *scope["state"].get("headers", ())]
    if scope["path"] == "/close":
        headers.append((b"connection", b"close"))
    await send({"type": "http.response.start", "status": 413, "headers": headers})
    await send({"type": "http.response.body", "body": b"long"})


@pytest.mark.parametrize("path", ["/close", "/"])
def test_who_is_cut_off_sees_the_answer(path: str) -> None:
    """What was on its way is read to nowhere, so that the answer is not lost with it."""
    body = b"x" * 3_000_000

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = f"POST {path} HTTP/1.1\r\nhost: a\r\ncontent-length: {len(body)}\r\n\r\n"
        writer.write(head.encode() + body)
        await writer.drain()
        assert await status_of(reader) == 413
        if path == "/close":
            assert await reader.read() == b""
            return
        writer.write(GET)
        assert await status_of(reader) == 413

    serve(talk, app=_refuse)


@pytest.mark.parametrize("path", ["/close", "/"])
@pytest.mark.parametrize(
    "bounds", [Bounds(linger_s=0.1), Bounds(linger_bytes=1000)], ids=["time", "bytes"]
)
def test_a_body_without_end_that_was_answered(path: str, bounds: Bounds) -> None:
    """Its sender sees the answer, and is not read for ever."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = f"POST {path} HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n"
        writer.write(head.encode())
        assert await status_of(reader) == 413
        closing = asyncio.create_task(reader.read())
        while not closing.done():
            writer.write(b"64\r\n" + b"x" * 100 + b"\r\n")
            await asyncio.sleep(0.01)
        with suppress(ConnectionError):
            assert await closing == b""

    serve(talk, bounds, app=_refuse)


async def _flood(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer with much more than a connection holds."""
    await send({"type": "http.response.start", "status": 200, "headers": []})
    for _ in range(300):
        body = {"type": "http.response.body", "body": b"x" * 100_000, "more_body": True}
        await send(body)
    await send({"type": "http.response.body", "body": b""})


def test_who_takes_nothing_of_an_answer() -> None:
    """What cannot be handed over is thrown away, with its connection."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(GET)
        await asyncio.sleep(0.5)  # and read nothing, beyond what the reader buffers
        with pytest.raises(ConnectionResetError):
            await reader.readexactly(300 * 100_000)

    serve(talk, Bounds(stalled_s=0.1), app=_flood)


def test_who_takes_an_answer_slowly() -> None:
    """As long as something is taken, the rest is not thrown away."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(GET)
        n_bytes = 0
        for _ in range(20):
            n_bytes += len(await reader.read(4_000_000))
            await asyncio.sleep(0.05)
        await reader.readexactly(300 * 100_000 - n_bytes)

    serve(talk, Bounds(stalled_s=0.3), app=_flood)


def test_requests_ahead_of_their_answers() -> None:
    """Some are kept until it is their turn; no caller makes us keep any number."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(GET * 10)
        for _ in range(10):
            assert await status_of(reader) == 200
        writer.write(GET * 1_000)
        with suppress(ConnectionError):
            assert (await reader.read()).count(b"200 OK") < 1_000

    serve(talk, Bounds(pipelined=20))


def test_strangers_make_room_for_others() -> None:
    """Where no more may come, the one leaves who asked nothing for longest."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(GET)
        assert await status_of(reader) == 200
        host, port = writer.get_extra_info("peername")
        others = [await asyncio.open_connection(host, port) for _ in range(20)]
        for i, (other, _) in enumerate(others[:17]):
            with suppress(ConnectionError):
                assert await other.read() == b"", i
        for other, asking in others[17:]:
            asking.write(GET)
            assert await status_of(other) == 200
        writer.write(GET)
        assert await status_of(reader) == 200
        for _, asking in others:
            asking.close()

    serve(talk, most=4)


async def _wait(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer those who leave."""
    while (await receive())["type"] != "http.disconnect":
        pass


def test_who_is_answered_makes_no_room() -> None:
    """Where all are at work, who comes is told to come again."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        host, port = writer.get_extra_info("peername")
        writer.write(GET)
        _, asking = await asyncio.open_connection(host, port)
        asking.write(GET)
        await asyncio.sleep(0.1)
        third, refused = await asyncio.open_connection(host, port)
        answer = await third.read()
        assert answer.startswith(b"HTTP/1.1 503 ")
        assert b'"code":"too_many_connections"' in answer
        assert b"retry-after: 1\r\n" in answer
        for w in (asking, refused):
            w.close()

    serve(talk, app=_wait, most=2)
