"""A stream of lines against a service that really runs."""

import asyncio
import json
import subprocess
import time
from pathlib import Path
from typing import Any

import anyio
import httpx
import pytest

from tests.e2e.conftest import Service, Start
from tests.fixtures.line_stream import LineStream

N_LINES = 12_000
TEXT = "xin chào cả nhà " * 20
MB = 1 << 20


@pytest.fixture(scope="module")
def streaming(start: Start) -> Service:
    """A service that soon loses its patience."""
    service = start(KIEMTIN_STREAM_IDLE_S="2", KIEMTIN_CACHE_POSTS="0")
    service.wait_until_ready()
    return service


def held_mb(service: Service) -> float:
    """Return how much memory the process that answers holds now, without workers."""
    status = Path(f"/proc/{service.process.pid}/status").read_text(encoding="utf-8")
    (kb,) = (x.split()[1] for x in status.splitlines() if x.startswith("VmRSS"))
    return int(kb) / 1024


def logged(service: Service, route: str) -> list[dict[str, Any]]:
    """Return the log lines of a route."""
    lines = [json.loads(x) for x in service.err.splitlines() if x.startswith("{")]
    return [x for x in lines if x.get("route") == route]


def metric(service: Service, name: str) -> float:
    """Return a figure of /metrics."""
    text = httpx.get(f"{service.url}/metrics").text
    (line,) = (x for x in text.splitlines() if x.startswith(f"{name} "))
    return float(line.split()[-1])


async def send_posts(stream: LineStream, n: int, text: str = TEXT) -> None:
    """Send *n* posts, and the end."""
    for first in range(0, n, 40):
        ids = range(first, min(first + 40, n))
        await stream.send(*({"id": i, "text": f"{text} {i}"} for i in ids))
    await stream.end()


def test_thousands_of_lines(streaming: Service) -> None:
    """Any number of lines come back in order, and the service grows by nothing."""

    async def run() -> tuple[list[float], dict[str, Any]]:
        held, n, line = [], 0, {}
        async with LineStream.open(streaming.port) as stream, asyncio.TaskGroup() as g:
            g.create_task(send_posts(stream, N_LINES))
            async for line in stream.lines():
                if line["status"] == "ok":
                    assert (line["index"], line["id"]) == (n, str(n))
                    n += 1
                    if n % 2000 == 0:
                        held.append(held_mb(streaming))
        return held, line

    held, last = anyio.run(run)

    assert last["summary"] == {"ok": N_LINES, "failed": 0}
    assert max(held[1:]) - held[0] < 10


def test_a_client_that_reads_after_it_wrote(streaming: Service) -> None:
    """Clients that send all before they read work as long as the answer is short."""
    lines = (json.dumps({"text": f"số {n}"}).encode() + b"\n" for n in range(200))

    with httpx.stream(
        "POST",
        f"{streaming.url}/v1/score/stream",
        content=lines,
        headers={"content-type": "application/jsonl"},
        timeout=60,
    ) as r:
        answer = [json.loads(x) for x in r.iter_lines()]

    assert answer[-1]["summary"] == {"ok": 200, "failed": 0}


def test_answers_come_while_lines_are_sent(streaming: Service) -> None:
    """A line is answered though the next is not yet there."""

    async def run() -> None:
        async with LineStream.open(streaming.port) as stream:
            lines = stream.lines()
            assert (await anext(lines))["status"] == "model"
            for n in range(3):
                await stream.send({"text": "xin chào"})
                answer = await asyncio.wait_for(anext(lines), 1.5)
                assert answer["index"] == n
            await stream.end()
            assert (await anext(lines))["status"] == "end"

    anyio.run(run)


def test_who_does_not_read_is_not_read(streaming: Service) -> None:
    """Of a caller who takes no answers little is read, and in time it is given up."""

    async def run() -> None:
        async with LineStream.open(streaming.port) as stream:
            before = held_mb(streaming)

            async def send_on() -> None:
                posts = [{"id": "x" * 256, "text": "ngu"}] * 40
                while True:
                    await asyncio.wait_for(stream.send(*posts), 4)

            with pytest.raises((TimeoutError, ConnectionError)):
                await send_on()
            assert held_mb(streaming) - before < 40

    n_logged = len(logged(streaming, "/v1/score/stream"))
    anyio.run(run)

    # The line of a stream that ended just before may come late.
    *_, line = logged(streaming, "/v1/score/stream")[n_logged:]
    assert line["code"] == "stream_idle"
    # No more than the sockets of both sides hold, and what is under way.
    assert line["bytes_out"] < 16 * MB
    assert line["bytes_in"] < line["bytes_out"]


def test_who_sends_nothing_is_told(streaming: Service) -> None:
    """A stream that falls silent ends with what was answered, and why."""

    async def run() -> list[dict[str, Any]]:
        async with LineStream.open(streaming.port) as stream:
            await stream.send({"text": "xin chào"})
            return [x async for x in stream.lines()]

    _, result, last = anyio.run(run)

    assert result["status"] == "ok"
    assert last["error"] == {"code": "stream_idle", "detail": "nothing came for 2 s"}


@pytest.mark.parametrize("whole", [False, True], ids=["sending", "waiting"])
def test_who_leaves_ends_the_work(streaming: Service, *, whole: bool) -> None:
    """When a caller is gone, what it sent is dropped, not scored to its end."""
    before = metric(streaming, "kiemtin_posts_total")

    async def run() -> None:
        async with LineStream.open(streaming.port) as stream:
            await stream.send(*[{"text": TEXT * 100, "explain": True}] * 100)
            if whole:
                await stream.end()
            await asyncio.sleep(0.3)

    n_logged = len(logged(streaming, "/v1/score/stream"))
    anyio.run(run)
    until = time.monotonic() + 10
    while len(logged(streaming, "/v1/score/stream")) == n_logged:
        assert time.monotonic() < until
        time.sleep(0.05)

    time.sleep(0.5)
    settled = metric(streaming, "kiemtin_posts_total")
    assert settled - before < 80
    assert metric(streaming, 'kiemtin_queue_posts{lane="bulk"}') == 0


def test_curl_streams(streaming: Service) -> None:
    """The example of the documentation works: curl reads and writes at once."""
    lines = b'{"text": "xin ch\xc3\xa0o"}\n' * 1000

    done = subprocess.run(
        [
            "curl", "-sSN", "-T", ".", "-X", "POST",
            "-H", "Content-Type: application/x-ndjson",
            f"{streaming.url}/v1/score/stream",
        ],
        input=lines, capture_output=True, check=True, timeout=60,
    )  # fmt: skip

    assert json.loads(done.stdout.splitlines()[-1])["summary"]["ok"] == 1000
