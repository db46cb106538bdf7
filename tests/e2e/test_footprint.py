"""What the service costs: time to start, and memory under load."""

import json
import os
import re
import threading
import urllib.request
from pathlib import Path

import pytest

from kiemtin.bundles import COMPACT
from tests.e2e.conftest import Service, Start

pytestmark = [
    pytest.mark.timeout(600),
    pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="no /proc"),
]

MOST_START_S = 5
MOST_MB = 400


@pytest.fixture(scope="module")
def embedded(start: Start, bundle: Path) -> Service:
    """A service with the embedded bundle; with the tiny one in a checkout without it."""
    service = start(KIEMTIN_BUNDLE=str(COMPACT if COMPACT.is_dir() else bundle))
    service.wait_until_ready()
    return service


def cpu_seconds(pid: int) -> float:
    """Return the processor time of a process, which a busy machine does not stretch."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def peak_mb(pid: int) -> float:
    """Return the most memory that a process ever held."""
    match = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    assert match
    return int(match[1]) / 1024


def test_it_is_ready_soon(embedded: Service) -> None:
    """From nothing to ready takes less than five seconds of work."""
    assert cpu_seconds(embedded.process.pid) <= MOST_START_S


def test_memory_under_load(embedded: Service) -> None:
    """Full batches and long posts from several callers at once stay under 400 MB."""
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

    assert peak_mb(embedded.process.pid) <= MOST_MB
