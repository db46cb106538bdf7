"""The service's end of the line to a worker."""

import asyncio
import itertools
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Sequence
from typing import cast

from serving.engine.frames import Frames, Head, pack
from serving.engine.waiting import Job

_ONE_THREAD = {
    # A worker has one core: nothing in it may start a thread for each of all cores.
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "TOKENIZERS_PARALLELISM": "false",
}
_PATIENCE_S = 5.0
Answered = Callable[["Link", list[Job], Head, bytes], None]


class Link(asyncio.Protocol):
    """
    A worker process, and what it has been handed.

    Args:
        order: What it has to load.
        fds: Files that it inherits.
        on_answer: Called with each batch that it scored.
        on_lost: Called when it is gone, with what it had not answered.
    """

    def __init__(
        self,
        order: Head,
        fds: Sequence[int],
        *,
        on_answer: Answered,
        on_lost: Callable[["Link", list[Job]], None],
    ) -> None:
        self._order = order
        self._fds = fds
        self._on_answer = on_answer
        self._on_lost = on_lost
        self._frames = Frames()
        self._numbers = itertools.count()
        self._handed: dict[int, list[Job]] = {}
        self._hello: asyncio.Future[Head] = asyncio.get_running_loop().create_future()
        self._transport: asyncio.Transport | None = None
        self.process: subprocess.Popen[bytes] | None = None

    async def start(self) -> Head:
        """
        Start the process and return the first thing that it says.

        Raises:
            EOFError: If it says nothing and ends.
        """
        ours, theirs = socket.socketpair()
        ours.setblocking(False)  # noqa: FBT003 -- its name says what
        loop = asyncio.get_running_loop()
        await loop.create_unix_connection(lambda: self, sock=ours)
        with theirs:
            self.process = await asyncio.to_thread(self._spawn, theirs.fileno())
        self._write(pack(self._order))
        return await self._hello

    @property
    def n_handed(self) -> int:
        """How many batches it has not answered."""
        return len(self._handed)

    def hand(self, jobs: list[Job]) -> None:
        """Send it a batch."""
        number = next(self._numbers)
        self._handed[number] = jobs
        rows = [(x.id, x.text, x.explain) for x in (job.item for job in jobs)]
        self._write(pack({"batch": number, "rows": rows}))

    async def close(self) -> None:
        """Let it end, which it does when nobody listens, and wait for that."""
        if self._transport is not None:
            self._transport.close()
        if self.process is not None:
            await asyncio.to_thread(_end, self.process)

    def _spawn(self, fd: int) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "serving.engine.worker", str(fd)]
        return subprocess.Popen(  # noqa: S603 -- ourselves
            command,
            pass_fds=(fd, *self._fds),
            stdin=subprocess.DEVNULL,
            # It needs no password of ours, and ends when we do, not by Ctrl-C.
            env={k: v for k, v in os.environ.items() if not k.startswith("KIEMTIN_")}
            | _ONE_THREAD,
            start_new_session=True,
        )

    def _write(self, frame: bytes) -> None:
        if self._transport is not None:
            self._transport.write(frame)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember how to write; called by the event loop."""
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """Take in what it says; called by the event loop."""
        for head, body in self._frames.feed(data):
            if not self._hello.done():
                self._hello.set_result(head)
            else:
                self._on_answer(self, self._handed.pop(head["batch"]), head, body)

    def connection_lost(self, exc: Exception | None) -> None:
        """Give back what it did not answer; called by the event loop."""
        if not self._hello.done():
            self._hello.set_exception(EOFError("the worker ended"))
        lost = [job for jobs in self._handed.values() for job in jobs]
        self._handed.clear()
        self._on_lost(self, lost)


def _end(process: subprocess.Popen[bytes]) -> None:
    try:
        process.wait(_PATIENCE_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
