"""What is measured of the peers, if they are installed."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager

from benchmarks.peers.launch import PEERS, PYTHON, Peer
from benchmarks.peers.running import running
from benchmarks.serving.load import Outcome, press, request
from benchmarks.serving.service import free_port

SECONDS = 3.0


class Theirs:
    """A running peer, sent the same posts."""

    def __init__(self, peer: Peer, port: int, texts: Sequence[str]) -> None:
        self.name = peer.name
        self._port = port
        self._requests = [request(peer.path, peer.body(x)) for x in texts]

    def single(self, callers: int) -> Outcome:
        """Post by post."""
        return press(self._port, self._requests, callers=callers, seconds=SECONDS)


@contextmanager
def peers(texts: Sequence[str]) -> Iterator[list[Theirs]]:
    """Start all peers; there are none if ``make bench-peers`` was not run."""
    with ExitStack() as stack:
        found = []
        for peer in PEERS if PYTHON.exists() else ():
            port = free_port()
            stack.enter_context(running(peer, port))
            found.append(Theirs(peer, port, texts))
        yield found
