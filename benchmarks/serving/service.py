"""The service as people start it, in a process of its own."""

import contextlib
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

_START_S = 60.0


@dataclass(frozen=True, slots=True)
class Service:
    """A running ``kiemtin serve``."""

    process: subprocess.Popen[bytes]
    port: int

    def memory_mb(self) -> tuple[float, float]:
        """
        Return the resident memory of all its processes.

        Returns:
            The sum of what each sees as its own (RSS), and of its share of what
            several see (PSS).
        """
        front = psutil.Process(self.process.pid)
        family = [front, *front.children(recursive=True)]
        infos = [x.memory_full_info() for x in family]
        return sum(x.rss for x in infos) / 1e6, sum(x.pss for x in infos) / 1e6


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        port: int = s.getsockname()[1]
        return port


@contextmanager
def serving(**settings: str) -> Iterator[Service]:
    """Start the service with *settings*, wait until it is ready, and end it."""
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        env = {
            **os.environ,
            "KIEMTIN_DATABASE_URL": f"sqlite:///{folder}/kiemtin.db",
            # What is sent twice must be scored twice, and nobody has a quota.
            "KIEMTIN_CACHE_POSTS": "0",
            "KIEMTIN_INTERACTIVE_ITEMS_PER_MINUTE": "0",
            "KIEMTIN_BULK_ITEMS_PER_MINUTE": "0",
            **settings,
        }
        command = [sys.executable, "-m", "kiemtin.cli", "serve", "--port", str(port)]
        with (Path(folder) / "log").open("wb") as log:
            process = subprocess.Popen(  # noqa: S603 -- ourselves
                command, env=env, stdout=subprocess.DEVNULL, stderr=log
            )
        try:
            _wait(port, process, Path(folder) / "log")
            yield Service(process, port)
        finally:
            process.terminate()
            process.wait()


def _wait(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + _START_S
    while time.monotonic() < until and process.poll() is None:
        with (
            contextlib.suppress(urllib.error.URLError, ConnectionError),
            urllib.request.urlopen(f"http://127.0.0.1:{port}/ready"),
        ):
            return
        time.sleep(0.05)
    raise RuntimeError(log.read_text(encoding="utf-8"))
