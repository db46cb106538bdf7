"""Callers: connections that ask without pause, or at a rate, and remember how it went."""

import selectors
import socket
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

Check = Callable[[int, bytes], bool]
"""Whether a body is the answer to the request of that number."""


@dataclass(slots=True)
class Outcome:
    """
    What came of a run.

    Attributes:
        seconds: How long it took.
        statuses: How many answers there were of each.
        waits_s: How long each accepted answer took.
        n_wrong: How many answers were somebody else's.
        n_unsent: How many requests were due while all connections were busy.
    """

    seconds: float = 0.0
    statuses: Counter[int] = field(default_factory=Counter)
    waits_s: list[float] = field(default_factory=list)
    n_wrong: int = 0
    n_unsent: int = 0

    @property
    def rate(self) -> float:
        """Accepted requests a second."""
        return self.statuses[200] / self.seconds

    def quantile_ms(self, q: float) -> float:
        """Return how long the answers took of which a part *q* was faster."""
        return float(np.quantile(self.waits_s, q)) * 1000

    @property
    def n_failed(self) -> int:
        """How many answers were neither accepted nor refused as too much."""
        return self.statuses.total() - self.statuses[200] - self.statuses[429]


@dataclass(slots=True)
class Caller:
    """One connection."""

    line: socket.socket
    got: bytearray = field(default_factory=bytearray)
    number: int = -1
    sent_at: float = 0.0

    def send(self, number: int, request: bytes) -> None:
        """Ask."""
        self.number, self.sent_at = number, time.perf_counter()
        self.line.sendall(request)

    def answer(self) -> tuple[int, bytes] | None:
        """Read what there is; return status and body once they are whole."""
        piece = self.line.recv(1 << 18)
        if not piece:
            msg = "the service closed a connection"
            raise ConnectionError(msg)
        self.got += piece
        end = self.got.find(b"\r\n\r\n")
        if end < 0:
            return None
        head = bytes(self.got[:end]).lower()
        at = head.find(b"content-length:")
        n_bytes = int(head[at + 15 :].split(b"\r\n", 1)[0])
        if len(self.got) < end + 4 + n_bytes:
            return None
        body = bytes(self.got[end + 4 :])
        self.got.clear()
        return int(head[9:12]), body


def request(path: str, body: bytes) -> bytes:
    """Return a request for JSON, as bytes."""
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def press(
    port: int,
    requests: Sequence[bytes],
    *,
    callers: int,
    seconds: float,
    is_right: Check | None = None,
    per_s: float | None = None,
) -> Outcome:
    """
    Send *requests*, over and over, for so many *seconds*.

    Args:
        port: Of the service, on this machine.
        requests: What is asked.
        callers: How many connections there are; each asks one thing at a time.
        seconds: How long new requests are sent; answers to the last are awaited.
        is_right: Checks each accepted answer.
        per_s: At this rate, whatever comes back; if None, each answer asks the next.
    """
    outcome = Outcome()
    with selectors.EpollSelector() as ready:
        idle = [_connect(port, ready) for _ in range(callers)]
        everybody = list(idle)
        began = time.perf_counter()
        due = _due(began, seconds, per_s)
        n_busy, number = 0, 0
        going = True
        while going or n_busy:
            for wanted in due:
                if not wanted:
                    break
                if not idle:
                    outcome.n_unsent += per_s is not None
                    if per_s is None:
                        break
                    continue
                idle.pop().send(number, requests[number % len(requests)])
                number, n_busy = number + 1, n_busy + 1
                if per_s is None and not idle:
                    break
            going = time.perf_counter() - began < seconds
            for key, _ in ready.select(0.0005 if per_s else 0.05):
                caller: Caller = key.data
                answer = caller.answer()
                if answer is None:
                    continue
                _note(outcome, caller, *answer, is_right)
                n_busy -= 1
                idle.append(caller)
        outcome.seconds = time.perf_counter() - began
        for caller in everybody:
            caller.line.close()
    return outcome


def _due(began: float, seconds: float, per_s: float | None) -> Iterator[bool]:
    """Yield True for each request that is due now, False when there is none for now."""
    n_sent = 0
    while (now := time.perf_counter() - began) < seconds:
        wanted = per_s is None or n_sent < now * per_s
        n_sent += wanted
        yield wanted
    while True:
        yield False


def _connect(port: int, ready: selectors.BaseSelector) -> Caller:
    caller = Caller(socket.create_connection(("127.0.0.1", port)))
    caller.line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    ready.register(caller.line, selectors.EVENT_READ, caller)
    return caller


def _note(
    outcome: Outcome, caller: Caller, status: int, body: bytes, is_right: Check | None
) -> None:
    outcome.statuses[status] += 1
    if status == 200:  # noqa: PLR2004 -- HTTP
        outcome.waits_s.append(time.perf_counter() - caller.sent_at)
        if is_right and not is_right(caller.number, body):
            outcome.n_wrong += 1
