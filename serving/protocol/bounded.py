"""Connections that are not waited for without end."""

import asyncio
import socket
import struct
from http import HTTPStatus
from typing import cast

import structlog
from httptools import HttpParserError
from starlette.requests import HTTPConnection
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from kiemtin.errors import KiemtinError
from serving.errors import (
    HeadersTooLargeError,
    MalformedRequestError,
    TooManyConnectionsError,
)
from serving.middleware import new_request_id
from serving.problems import problem_response
from serving.protocol.bounds import Bounds
from serving.protocol.crowd import Crowd

_AT_ONCE = struct.pack("ii", 1, 0)
_log = structlog.get_logger()


class BoundedProtocol(HttpToolsProtocol):
    """
    Gives up on callers who do not come to an end; made by ``bounded``.

    httptools collects a head however long it is and however slowly it comes, and
    uvicorn waits for callers who take no answer; the application sees none of them.
    """

    bounds = Bounds()
    crowd = Crowd()

    _raw: asyncio.Transport
    _n_bytes = 0
    _n_written = 0
    _is_in_head = True
    _is_ending = False
    _is_behind = False
    _overdue: asyncio.TimerHandle | None = None
    _stalled: asyncio.TimerHandle | None = None

    def connection_made(  # type: ignore[override]
        self, transport: asyncio.Transport
    ) -> None:
        """Wait for the first request, if there is a place."""
        super().connection_made(transport)
        self._raw = transport
        self.transport = cast("asyncio.Transport", _Ending(self))
        if self.crowd.come(self, len(self.connections)):
            self._wait(self.bounds.head_s)
        else:
            self._refuse(TooManyConnectionsError("all connections are in use"))

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait for nothing any more."""
        self.crowd.work(self)
        self._got()
        if self._stalled is not None:
            self._stalled.cancel()
        super().connection_lost(exc)

    def eof_received(self) -> None:
        """Close, but do not wait for ever until the caller took everything."""
        self._watch_taking()

    def shutdown(self) -> None:
        """Close, or do so after the answer that is being made."""
        super().shutdown()
        if self._is_ending:
            self._close()

    def leave(self) -> None:
        """Close at once; only those are asked to on whom nobody waits."""
        self._raw.abort()

    def write(self, data: bytes) -> None:
        """Send *data*, unless the answer has ended."""
        if not self._is_ending:
            self._n_written += len(data)
            self._raw.write(data)

    def end(self) -> None:
        """Close when all that was written is taken, and all that was sent is read."""
        if self._is_ending:
            return
        self._is_ending = True
        self.crowd.work(self)
        self._got()
        if self._is_in_head or self._raw.is_closing():
            self._close()
            return
        self._n_bytes = 0
        self._raw.write_eof()
        self.flow.resume_reading()
        self._wait(self.bounds.linger_s)

    @property
    def is_ending(self) -> bool:
        """Whether no other request is read."""
        return self._is_ending or self._raw.is_closing()

    def data_received(self, data: bytes) -> None:
        """Read what came, and count it while the head has not ended."""
        self._n_bytes += len(data)
        if self._is_ending or self._is_behind:
            if self._n_bytes > self.bounds.linger_bytes:
                self._give_up()
            if self._is_ending:
                return
        super().data_received(data)
        if not self._is_in_head or self._is_ending:
            return
        if self._n_bytes > self.bounds.head_bytes:
            self._refuse_head()
        elif self._n_bytes and self._overdue is None:
            self._wait(self.bounds.head_s)

    def on_headers_complete(self) -> None:
        """Note that the head has ended."""
        if len(self.pipeline) >= self.bounds.pipelined:
            msg = "too many requests ahead of their answers"
            raise HttpParserError(msg)
        super().on_headers_complete()
        self._got()
        self.crowd.work(self)
        self._is_in_head = False

    def on_message_complete(self) -> None:
        """Note that another head may begin."""
        super().on_message_complete()
        self._is_in_head, self._n_bytes = True, 0
        if self._is_behind:
            self._is_behind = False
            self._got()
            self._rest()

    def on_response_complete(self) -> None:
        """Wait for the next request, or for the end of the one that was answered."""
        super().on_response_complete()
        if self._is_in_head:
            self._rest()
        elif self.cycle.response_complete and not self._is_ending:
            self._is_behind = True
            self._n_bytes = 0
            self._wait(self.bounds.linger_s)

    def send_400_response(self, msg: str) -> None:
        """Say that it is no HTTP, as a problem."""
        if self._is_in_head and self._n_bytes > self.bounds.head_bytes:
            self._refuse_head()
            return
        self._is_in_head = False  # what still comes is read to nowhere
        self._refuse(MalformedRequestError("it is not HTTP/1.1 as RFC 9112 has it"))

    def pause_writing(self) -> None:
        """Note that more is written than the caller takes."""
        super().pause_writing()
        self._watch_taking()

    def _rest(self) -> None:
        if self.cycle.response_complete and not self._is_ending:
            self.crowd.rest(self)

    def _wait(self, seconds: float) -> None:
        self._overdue = self.loop.call_later(seconds, self._give_up)

    def _got(self) -> None:
        if self._overdue is not None:
            self._overdue.cancel()
            self._overdue = None

    def _give_up(self) -> None:
        self._is_in_head = True  # or so we say, to linger no longer
        if self._is_ending:
            self._close()
        else:
            self.end()

    def _refuse_head(self) -> None:
        msg = (
            f"{self._n_bytes} bytes or more, at most {self.bounds.head_bytes} are read"
        )
        self._is_in_head = False
        self._refuse(HeadersTooLargeError(msg))

    def _refuse(self, error: KiemtinError) -> None:
        """Answer what is no request that the application could answer, and end."""
        if self._is_ending:
            return
        request_id = new_request_id()
        scope: dict[str, object] = {"type": "http", "path": "", "headers": []}
        scope |= {"server": self.server, "state": {"request_id": request_id}}
        answer = problem_response(HTTPConnection(scope), error)
        _log.info("refused", code=error.code, request_id=request_id)
        head = [
            (b"x-request-id", request_id.encode()),
            (b"connection", b"close"),
            *self.server_state.default_headers,
            *answer.raw_headers,
        ]
        status = HTTPStatus(answer.status_code)
        self.write(
            b"HTTP/1.1 %d %s\r\n" % (status, status.phrase.encode())
            + b"".join(b"%s: %s\r\n" % x for x in head)
            + b"\r\n"
            + bytes(answer.body)
        )
        self.end()

    def _close(self) -> None:
        self._raw.close()
        self._watch_taking()

    def _watch_taking(self) -> None:
        """Begin to look whether the caller takes what was written."""
        if self._stalled is None:
            self._look(-1)

    def _look(self, n_taken: int) -> None:
        n_left = self._raw.get_write_buffer_size()
        n_now = self._n_written - n_left
        self._stalled = None
        if n_left and n_now == n_taken:
            # What the system holds for the caller goes, too, and not only what we do.
            s = self._raw.get_extra_info("socket")
            s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _AT_ONCE)
            self._raw.abort()
        elif n_left:
            bound_s = self.bounds.stalled_s
            self._stalled = self.loop.call_later(bound_s, self._look, n_now)


class _Ending:
    """What uvicorn takes for the transport, and closes before its time."""

    def __init__(self, protocol: BoundedProtocol) -> None:
        self._protocol = protocol
        self.write = protocol.write
        self.close = protocol.end

    def is_closing(self) -> bool:
        return self._protocol.is_ending


def bounded(bounds: Bounds, crowd: Crowd) -> type[BoundedProtocol]:
    """Return the protocol of a server with these *bounds* and this *crowd*."""
    return type(
        "BoundedProtocol", (BoundedProtocol,), {"bounds": bounds, "crowd": crowd}
    )
