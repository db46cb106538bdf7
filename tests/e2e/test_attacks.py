"""Callers who do not come to an end, and those beside them who do not notice."""

import asyncio
import json
import resource
import socket
from collections.abc import Iterator
from contextlib import AsyncExitStack, ExitStack, suppress
from pathlib import Path

import httpx
import psutil
import pytest

from tests.e2e.conftest import Service, Start
from tests.fixtures.neighbours import ask, run, take_all

pytestmark = pytest.mark.timeout(120)

N_IDLE = 10_000
N_UNREAD = 90
"""Answers of some hundred kilobytes: more than the system keeps for a connection."""
HEAD = (
    b"POST /v1/score HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n"
)
END_S = 20
"""Until then the impatient service has given up on everybody, on a slow machine too."""


@pytest.fixture(scope="module")
def impatient(start: Start) -> Service:
    """A service that waits for nobody longer than a second."""
    service = start(
        KIEMTIN_HEAD_S="1",
        KIEMTIN_BODY_S="1",
        KIEMTIN_STREAM_IDLE_S="1",
        KIEMTIN_KEEP_ALIVE_S="1",
        KIEMTIN_MAX_BODY_BYTES="1000000",
        KIEMTIN_WORKERS="1",
    )
    service.wait_until_ready()
    return service


@pytest.fixture(scope="module")
def many_files() -> Iterator[None]:
    """As many open files for us as there may be."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < N_IDLE + 1_000:
        pytest.skip(f"a process has at most {hard} files open here")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, N_IDLE + 1_000), hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def _n_connections(service: Service) -> int:
    """Return how many connections the service holds."""
    found = psutil.Process(service.process.pid).net_connections(kind="tcp")
    return sum(x.status in {"ESTABLISHED", "CLOSE_WAIT"} for x in found)


async def _until(service: Service, most: int) -> None:
    """Wait until the service holds no more connections than that."""
    async with asyncio.timeout(END_S):
        while _n_connections(service) > most:  # noqa: ASYNC110 - nobody tells us
            await asyncio.sleep(0.1)


async def _send_slowly(port: int, start: bytes, piece: bytes) -> bytes:
    """Send *piece* ever again, and return the answer that comes nevertheless."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    answering = asyncio.create_task(reader.read())
    try:
        writer.write(start)
        async with asyncio.timeout(END_S):
            while not answering.done():
                await asyncio.sleep(0.2)
                writer.write(piece)
        with suppress(ConnectionError):
            return await answering
        return b""
    finally:
        answering.cancel()
        writer.close()


def _status(answer: bytes) -> int:
    return int(answer.split()[1]) if answer else 0


@pytest.mark.usefixtures("many_files")
def test_ten_thousand_idle_connections(start: Start) -> None:
    """They stay, as there is room, and others come and go beside them."""
    service = start(KIEMTIN_WORKERS="1", KIEMTIN_HEAD_S="300")
    service.wait_until_ready()

    async def attack() -> int:
        idle = []
        for _ in range(N_IDLE // 500):
            opening = [
                asyncio.open_connection("127.0.0.1", service.port) for _ in range(500)
            ]
            idle += await asyncio.gather(*opening)
        await asyncio.sleep(1)
        n_open = sum(not reader.at_eof() for reader, _ in idle)
        for _, writer in idle:
            writer.transport.abort()
        return n_open

    assert run(attack(), service.port) == N_IDLE


def test_idle_connections_are_not_kept(impatient: Service) -> None:
    """Who says nothing, or half a head, or is silent afterwards, is closed."""

    async def attack() -> None:
        starts = [b"", HEAD, b"GET /live HTTP/1.1\r\nhost: localhost\r\n\r\n"]
        async with AsyncExitStack() as stack:
            readers = []
            for start in starts * 50:
                reader, writer = await asyncio.open_connection(
                    "127.0.0.1", impatient.port
                )
                stack.callback(writer.close)
                writer.write(start)
                readers.append(reader)
            async with asyncio.timeout(END_S):
                await asyncio.gather(*(x.read() for x in readers))

    run(attack(), impatient.port)


@pytest.mark.parametrize(
    "env", [{"KIEMTIN_MAX_CONNECTIONS": "50"}, {}], ids=["ours", "system"]
)
def test_more_connections_than_there_may_be(start: Start, env: dict[str, str]) -> None:
    """The idle ones make room, so that nobody can shut others out."""
    service = start(n_files=600, KIEMTIN_WORKERS="1", **env)
    service.wait_until_ready()

    async def attack() -> int:
        async with AsyncExitStack() as stack:
            readers = []
            for _ in range(800):
                reader, writer = await asyncio.open_connection(
                    "127.0.0.1", service.port
                )
                stack.callback(writer.close)
                readers.append(reader)
                await asyncio.sleep(0.001)
            return sum(x.at_eof() or x.exception() is not None for x in readers)

    assert run(attack(), service.port) > 400


@pytest.mark.parametrize(
    ("begin", "piece", "status"),
    [
        (b"GET /", b"a", 0),
        (HEAD + b"x: ", b"a", 0),
        (HEAD + b"content-length: 100000\r\n\r\n", b" ", 408),
        (HEAD + b"content-length: 100000\r\nexpect: 100-continue\r\n\r\n", b"", 408),
        (HEAD + b"transfer-encoding: chunked\r\n\r\n", b"1\r\n \r\n", 408),
        (HEAD.replace(b"score", b"score/batch") + b"content-length: 9\r\n\r\n", b"", 408),
        (HEAD.replace(b"POST", b"GET") + b"content-length: 9999\r\n\r\n", b" ", 405),
    ],
    ids=["address", "header", "body", "expected", "chunks", "batch", "of no use"],
)  # fmt: skip
def test_a_byte_now_and_then(
    impatient: Service, begin: bytes, piece: bytes, status: int
) -> None:
    """Whatever of a request comes slowly is not waited for to its end."""

    async def attack() -> list[bytes]:
        sending = [_send_slowly(impatient.port, begin, piece) for _ in range(20)]
        return await asyncio.gather(*sending)

    answers = run(attack(), impatient.port)

    said = [x.removeprefix(b"HTTP/1.1 100 Continue\r\n\r\n") for x in answers]
    assert {_status(x) for x in said} == {status}
    if status == 408:
        assert b'"code":"body_timeout"' in said[0]


def test_a_body_without_end(impatient: Service) -> None:
    """It is read as far as the limit, and its sender told so."""
    start = HEAD + b"transfer-encoding: chunked\r\n\r\n"
    piece = b"20000\r\n" + b" " * 0x20000 + b"\r\n"

    async def attack() -> list[bytes]:
        sending = [_send_slowly(impatient.port, start, piece * 4) for _ in range(4)]
        return await asyncio.gather(*sending)

    answers = run(attack(), impatient.port)

    assert {_status(x) for x in answers} == {413}
    assert b'"code":"body_too_large"' in answers[0]


def test_who_takes_no_answers(impatient: Service) -> None:
    """Their answers are thrown away, and so are they."""
    request = b"GET /openapi.json HTTP/1.1\r\nhost: localhost\r\n\r\n"
    answer_bytes = len(httpx.get(f"{impatient.url}/openapi.json").content)

    async def attack() -> list[int]:
        before = _n_connections(impatient)
        with ExitStack() as stack:
            deaf = [stack.enter_context(socket.socket()) for _ in range(10)]
            for s in deaf:
                s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
                s.connect(("127.0.0.1", impatient.port))
                s.sendall(request * N_UNREAD)
            await asyncio.sleep(0.5)
            assert _n_connections(impatient) >= before
            await _until(impatient, 5)
            return [take_all(s) for s in deaf]

    taken = run(attack(), impatient.port)

    assert max(taken) < N_UNREAD * answer_bytes


def test_who_leaves_without_a_word(impatient: Service) -> None:
    """A connection that was reset, or half closed, is gone, and its work with it."""

    async def attack() -> None:
        for _ in range(50):
            s = socket.create_connection(("127.0.0.1", impatient.port))
            s.sendall(HEAD + b"content-length: 1000\r\n\r\n{")
            s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            s.close()
            s = socket.create_connection(("127.0.0.1", impatient.port))
            s.sendall(HEAD + b"content-length: 1000\r\n\r\n{")
            s.shutdown(socket.SHUT_WR)
            s.detach()
            await asyncio.sleep(0)
        await _until(impatient, 5)

    run(attack(), impatient.port)


def test_connections_are_asked_whether_they_live(impatient: Service) -> None:
    """What vanished without a word is found out by the system."""
    if not hasattr(socket, "TCP_KEEPIDLE"):
        pytest.skip("the system cannot be told how")
    with socket.create_connection(("127.0.0.1", impatient.port)) as ours:
        port = ours.getsockname()[1]
        rows = Path("/proc/net/tcp").read_text(encoding="ascii").splitlines()
    mine = [x.split() for x in rows if f":{port:04X}" in x.split()[2]]

    assert any(x[5].startswith("02:") for x in mine)


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (b"GET /live HTTP/1.1\r\nhost: a\r\nhost: b\r\n\r\n", 400),
        (b"GET /live HTTP/1.1\r\n\r\n", 400),
        (b"GET /live HTTP/1.1\r\nhost: localhost\r\n" + b"a: b\r\n" * 9_000 + b"\r\n", 431),
        (b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\nhost: localhost\r\n\r\n", 431),
        (b"GET /?" + b"a" * 30_000 + b" HTTP/1.1\r\nhost: localhost\r\n\r\n", 431),
        (b"PROPFIND /v1/score HTTP/1.1\r\nhost: localhost\r\n\r\n", 405),
        (b"BREW /v1/score HTTP/1.1\r\nhost: localhost\r\n\r\n", 400),
        (b"TRACE / HTTP/1.1\r\nhost: localhost\r\n\r\n", 405),
        (b"CONNECT a:443 HTTP/1.1\r\nhost: localhost\r\n\r\n", 400),
        (b"OPTIONS * HTTP/1.1\r\nhost: localhost\r\n\r\n", 404),
        (b"GET http://evil.example/live HTTP/1.1\r\nhost: localhost\r\n\r\n", 200),
        (HEAD + b"content-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n", 400),
        (HEAD + b"content-length: 5\r\ncontent-length: 6\r\n\r\n12345", 400),
        (HEAD + b"x: y\r\n folded\r\n\r\n", 400),
    ],
    ids=lambda x: x[:40] if isinstance(x, bytes) else x,
)  # fmt: skip
def test_odd_heads(impatient: Service, request_: bytes, status: int) -> None:
    """What is no request, or two of them, is refused as a problem."""

    async def attack() -> list[int]:
        return [await ask(impatient.port, request_) for _ in range(5)]

    assert set(run(attack(), impatient.port)) == {status}


def test_it_says_how_many_connections_there_may_be(service: Service) -> None:
    """The log has what the system allows, raised as far as may be."""
    lines = [json.loads(x) for x in service.err.splitlines()]
    (line,) = (x for x in lines if x["event"] == "listening")
    _, hard = psutil.Process(service.process.pid).rlimit(psutil.RLIMIT_NOFILE)

    assert 0 < line["max_connections"] < line["max_descriptors"] <= hard
