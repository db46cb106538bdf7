"""A peer while it runs."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from benchmarks.peers import FOLDER, ROOT
from benchmarks.peers.launch import Peer

_START_S, _STOP_S = 120.0, 10.0
_SOON_S = 0.1


class PeerError(Exception):
    """A peer does not start."""


@contextmanager
def running(peer: Peer, port: int) -> Iterator[str]:
    """
    Start *peer* on *port*, and yield its address once it is ready.

    What it prints goes to a file beside its model. With it end the processes that it has
    started: LitServe, for one, leaves its workers behind.

    Raises:
        PeerError: If it ends or is not ready in time.
    """
    log = FOLDER.parent / f"{peer.name}.log"
    with log.open("wb") as out:
        process = subprocess.Popen(  # noqa: S603 -- PEERS says what
            peer.command(port),
            cwd=ROOT,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        address = f"http://127.0.0.1:{port}"
        _wait(peer, process, address + peer.ready, log)
        yield address
    finally:
        _stop(process)


def _wait(
    peer: Peer, process: subprocess.Popen[bytes], address: str, log: Path
) -> None:
    until = time.monotonic() + _START_S
    while not _is_ready(address):
        if process.poll() is not None or time.monotonic() > until:
            msg = f"{peer.name} is not ready; {log} says why"
            raise PeerError(msg)
        time.sleep(_SOON_S)


def _is_ready(address: str) -> bool:
    try:
        return httpx.get(address).is_success
    except httpx.TransportError:
        return False


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(_STOP_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return  # it left nobody behind
    time.sleep(_SOON_S)  # until their port is free
