"""A service that is killed, and started again at the same place."""

import contextlib
import os
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Self

from benchmarks.serving.service import free_port

_START_S = 120.0


class Restarted:
    """
    A ``kiemtin serve``, as often as it takes.

    Args:
        env: Its settings.
    """

    def __init__(self, **env: str) -> None:
        self.port = free_port()
        self.n_kills = 0
        self._env = {**os.environ, **env}
        self._folder = tempfile.TemporaryDirectory(prefix="kiemtin-")
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        """Start it."""
        self._start()
        return self

    def __exit__(self, *_: object) -> None:
        """End it."""
        if self._process:
            self._process.terminate()
            self._process.wait()
        self._folder.cleanup()

    def kill(self) -> None:
        """Let it end at once, whatever it does (SIGKILL), and start it again."""
        if self._process:
            self._process.kill()
            self._process.wait()
            self.n_kills += 1
        self._start()

    def _start(self) -> None:
        log = Path(self._folder.name) / "log"
        command = [sys.executable, "-m", "kiemtin.cli", "serve"]
        with log.open("ab") as err:
            self._process = subprocess.Popen(  # noqa: S603 -- ourselves
                [*command, "--port", str(self.port)],
                env=self._env,
                stdout=subprocess.DEVNULL,
                stderr=err,
            )
        until = time.monotonic() + _START_S
        while time.monotonic() < until and self._process.poll() is None:
            with (
                contextlib.suppress(urllib.error.URLError, ConnectionError),
                urllib.request.urlopen(f"http://127.0.0.1:{self.port}/ready"),
            ):
                return
            time.sleep(0.05)
        raise RuntimeError(log.read_text(encoding="utf-8")[-2000:])
