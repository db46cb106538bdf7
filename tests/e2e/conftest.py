"""A service as people start it: a process of its own."""

import contextlib
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

START_S = 60
"""Much more than it takes, for machines that do much else."""


@dataclass(frozen=True, slots=True)
class Service:
    """A running ``kiemtin serve``, with what it writes going to files."""

    process: subprocess.Popen[bytes]
    port: int
    folder: Path

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def out(self) -> str:
        """What it said so far to who started it."""
        return (self.folder / "out").read_text(encoding="utf-8")

    @property
    def err(self) -> str:
        """What it logged so far."""
        return (self.folder / "err").read_text(encoding="utf-8")

    def wait_until_ready(self, path: str = "/ready") -> float:
        """Return how many seconds it took until *path* answers."""
        started = time.monotonic()
        while time.monotonic() < started + START_S and self.process.poll() is None:
            with (
                contextlib.suppress(urllib.error.URLError, ConnectionError),
                urllib.request.urlopen(f"{self.url}{path}", timeout=START_S),  # noqa: S310
            ):
                return time.monotonic() - started
            time.sleep(0.05)
        pytest.fail(f"not ready: {self.out} {self.err}")


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        port: int = s.getsockname()[1]
        return port


Start = Callable[..., Service]


@contextlib.contextmanager
def _starting(bundle: Path, folders: pytest.TempPathFactory) -> Iterator[Start]:
    """Give a function that starts services; end them in the end."""
    running: list[Service] = []

    def start_one(
        *,
        port: int | None = None,
        cwd: Path | None = None,
        n_files: int | None = None,
        **env: str,
    ) -> Service:
        folder = folders.mktemp("service")
        port = port or free_port()
        command = [sys.executable, "-m", "kiemtin.cli", "serve", "--port", str(port)]
        if n_files is not None:
            command = ["sh", "-c", f'ulimit -n {n_files}; exec "$@"', "sh", *command]
        with (folder / "out").open("wb") as out, (folder / "err").open("wb") as err:
            process = subprocess.Popen(
                command,
                cwd=cwd or folder,
                env={**os.environ, "KIEMTIN_BUNDLE": str(bundle), **env},
                stdout=out,
                stderr=err,
            )
        running.append(Service(process, port, folder))
        return running[-1]

    try:
        yield start_one
    finally:
        for service in running:
            if service.process.poll() is None:
                service.process.kill()
            service.process.wait()


@pytest.fixture(scope="module")
def start(bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Start]:
    """Start services with the tiny bundle; they end with the module."""
    with _starting(bundle, tmp_path_factory) as start_one:
        yield start_one


@pytest.fixture(scope="session")
def service(
    bundle: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Service]:
    """One service for all who only ask."""
    with _starting(bundle, tmp_path_factory) as start_one:
        ready = start_one()
        ready.wait_until_ready()
        yield ready
