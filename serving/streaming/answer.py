"""The answer to a stream: written while the request is still being read."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import aclosing

from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from kiemtin.schemas import ErrorOut
from serving.engine import Model
from serving.errors import RequestError, StreamIdleError
from serving.schemas.score import SummaryOut
from serving.schemas.stream import EndLineOut
from serving.streaming.incoming import Chunk, Incoming
from serving.streaming.room import Limits, Room
from serving.streaming.verdicts import Judge, Verdict

NDJSON = "application/x-ndjson"
JSONL = "application/jsonl"
LIMITS = Limits(n_lines=512, n_bytes=4 << 20)
"""Enough to keep many workers busy, and nothing that would be missed."""

_HEADERS = [(b"content-type", NDJSON.encode()), (b"connection", b"close")]
"""A stream may end before its request does; then the connection is of no more use."""

Working = tuple[Chunk, asyncio.Task[Verdict]]


class StreamAnswer(Response):
    """
    Reads lines, has them judged several chunks at a time, and writes what comes of it.

    Args:
        judge: Who judges.
        model: Which model it will be, for the first line.
        idle_s: How long the caller may send nothing, or take nothing.
        admit: Waited for before a chunk of so many lines is judged.
        report: Told how many lines were scored and how many failed.
        limits: How much may be under way.
    """

    def __init__(
        self,
        judge: Judge,
        model: Model,
        *,
        idle_s: float,
        admit: Callable[[int], Awaitable[None]],
        report: Callable[[int, int], None],
        limits: Limits = LIMITS,
    ) -> None:
        super().__init__()
        self._judge = judge
        self._model = model
        self._idle_s = idle_s
        self._admit = admit
        self._report = report
        self._limits = limits
        self._n_ok = self._n_failed = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one stream; a caller who leaves, or takes nothing more, ends it."""
        incoming = Incoming(receive, idle_s=self._idle_s)
        try:
            try:
                error = await self._answer(incoming, send)
            except* ClientDisconnect:
                error = None
            except* StreamIdleError:
                error = StreamIdleError()
        except ExceptionGroup as mistakes:
            raise mistakes.exceptions[0] from None
        finally:
            incoming.close()
        if error:
            scope["state"]["code"] = error.code

    async def _answer(self, incoming: Incoming, send: Send) -> RequestError | None:
        """Answer one stream, and return why it was not read to its end."""
        # First of all: who asked whether to send anything is told so.
        await incoming.begin()
        error = await self._convey(incoming, send)
        await self._write([self._end_line(error)], send, more=False)
        return error

    async def _convey(self, incoming: Incoming, send: Send) -> RequestError | None:
        """Answer all lines that can be read, and return why the others cannot."""
        error: RequestError | None = None
        working: asyncio.Queue[Working | None] = asyncio.Queue()
        room = Room(self._limits)
        async with asyncio.TaskGroup() as group:
            delivering = group.create_task(self._deliver(working, room, send))
            try:
                async with aclosing(incoming.chunks()) as chunks:
                    async for chunk in chunks:
                        await room.take(chunk)
                        await self._admit(len(chunk.lines))
                        task = group.create_task(self._judge.judge(chunk))
                        working.put_nowait((chunk, task))
            except RequestError as e:
                error = e
            working.put_nowait(None)
            watching = None if error else group.create_task(incoming.watch())
            await delivering
            if watching:
                watching.cancel()
        return error

    async def _deliver(
        self, working: "asyncio.Queue[Working | None]", room: Room, send: Send
    ) -> None:
        """Write verdicts in the order of their chunks."""
        await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
        await self._write([_model_line(0, self._model)], send)
        while work := await working.get():
            chunk, task = work
            verdict = await task
            lines = verdict.lines
            if verdict.model and verdict.model.beside != self._model.beside:
                self._model = verdict.model
                lines = [_model_line(chunk.index, self._model), *lines]
            await self._write(lines, send)
            self._count(verdict)
            room.give_back(chunk)

    async def _write(
        self, lines: Sequence[bytes], send: Send, *, more: bool = True
    ) -> None:
        body = b"".join(b"%s\n" % x for x in lines)
        try:
            async with asyncio.timeout(self._idle_s):
                await send(
                    {"type": "http.response.body", "body": body, "more_body": more}
                )
        except TimeoutError:
            msg = f"nothing was taken for {self._idle_s:g} s"
            raise StreamIdleError(msg) from None

    def _count(self, verdict: Verdict) -> None:
        n_failed = len(verdict.lines) - verdict.n_ok
        self._n_ok += verdict.n_ok
        self._n_failed += n_failed
        self._report(verdict.n_ok, n_failed)

    def _end_line(self, error: RequestError | None) -> bytes:
        end = EndLineOut(
            status="end",
            summary=SummaryOut(ok=self._n_ok, failed=self._n_failed),
            error=error and ErrorOut(code=error.code, detail=str(error)),
        )
        return end.model_dump_json().encode()


def _model_line(index: int, model: Model) -> bytes:
    return b'{"status":"model","index":%d,%s}' % (index, model.beside)
