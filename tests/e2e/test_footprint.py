"""What the service costs: time to start, and memory under load."""

import json
import threading
import urllib.request
from pathlib import Path

import psutil
import pytest

from kiemtin.bundles import COMPACT
from tests.e2e.conftest import Service, Start

pytestmark = [
    pytest.mark.timeout(600),
    pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="no /proc"),
]

MOST_START_S = 5
MOST_MB = 350


@pytest.fixture(scope="module")
def embedded(start: Start, bundle: Path) -> Service:
    """A service with the embedded bundle; with the tiny one in a checkout without it."""
    service = start(
        KIEMTIN_BUNDLE=str(COMPACT if COMPACT.is_dir() else bundle),
        # However slow the machine is, nothing of the load below is refused.
        KIEMTIN_BULK_QUEUE_S="600",
        KIEMTIN_BULK_DEADLINE_S="600",
    )
    service.wait_until_ready()
    return service


def family(service: Service) -> list[psutil.Process]:
    """Return the process that answers, and those that score for it."""
    front = psutil.Process(service.process.pid)
    return [front, *front.children(recursive=True)]


def test_it_is_ready_soon(embedded: Service) -> None:
    """From nothing to ready takes few seconds of work, which a busy machine does not stretch."""
    times = [x.cpu_times() for x in family(embedded)]

    # Workers load beside one another: what counts is the longest of them.
    busy_s = [x.user + x.system for x in times]
    assert busy_s[0] + max(busy_s[1:]) <= MOST_START_S


def test_memory_under_load(embedded: Service) -> None:
    """Full batches and long posts from several callers at once leave it under 350 MB."""
    words = "hôm nay trời đẹp quá cả nhà ơi "
    full = {"items": [{"text": words * 8} for _ in range(256)]}
    long = {"items": [{"text": words * 2_000, "explain": True}]}

    def call(body: object) -> None:
        request = urllib.request.Request(  # noqa: S310 - our own service
            f"{embedded.url}/v1/score/batch",
            json.dumps(body).encode(),
            {"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=500) as r:  # noqa: S310
            assert json.load(r)["summary"]["failed"] == 0

    callers = [
        threading.Thread(target=call, args=(body,)) for body in (full, long, full, long)
    ]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()

    # What several processes share counts once; nothing that was held for the load is
    # given back at once, so this is next to the most that it ever was.
    held_mb = sum(x.memory_full_info().pss for x in family(embedded)) / 1e6
    assert held_mb <= MOST_MB
