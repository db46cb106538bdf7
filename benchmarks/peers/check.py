"""
Whether each peer answers as our network does, to the same posts.

    python -m benchmarks.peers.check [NAME ...]
"""

import argparse
import socket
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import httpx
import numpy as np
from numpy.typing import NDArray

from benchmarks.normalize import COMMENTS, NEWS
from benchmarks.peers.launch import PEERS, Peer
from benchmarks.peers.running import PeerError, running
from kiemtin.bundle import read_manifest
from kiemtin.bundles import COMPACT
from kiemtin.manifest import MODEL_FILE, TOKENIZER_FILE
from kiemtin.network import Network
from kiemtin.text import Encoder, WindowSpec, normalize

_LONG = " ".join([NEWS] * 3)
"""Of more tokens than fit: a peer reads its beginning, and must not fail."""
_BAD = (
    "đồ ngu, câm mồm đi",
    "Nhận ngay 500k khi bấm vào http://trung-thuong.example, gọi 0912345678!",
)
_SENTENCES = tuple(s.strip() for s in NEWS.split(". "))
POSTS = (*COMMENTS, *_BAD, *_SENTENCES, *(f"{a} {b}" for a in _BAD for b in COMMENTS))
N_POSTS = 20
_N_CALLERS = 8
"""At once, so that batches are mixed and no caller may get what is another's."""


def expected_scores(posts: tuple[str, ...]) -> NDArray[np.float64]:
    """Return what our network gives for *posts*, each of one window, uncalibrated."""
    window = read_manifest(COMPACT).window
    encoder = Encoder.from_file(
        COMPACT / TOKENIZER_FILE, WindowSpec(window.tokens, window.overlap, window.most)
    )
    network = Network.load(
        COMPACT / MODEL_FILE, pad_id=encoder.pad_id, rows_independent=True, threads=1
    )
    encoded = encoder.encode_batch([normalize(p) for p in posts])
    ids = [encoder.window_ids(e.ids, e.windows[0]) for e in encoded]
    return np.asarray(1 / (1 + np.exp(-network.logits(ids).astype(np.float64))))


def largest_difference(
    peer: Peer, address: str, posts: tuple[str, ...], expected: NDArray[np.float64]
) -> float:
    """Return by how much a score of *peer*, at *address*, differs at most."""
    with (
        httpx.Client(base_url=address, timeout=60.0) as client,
        ThreadPoolExecutor(_N_CALLERS) as callers,
    ):
        texts = [*(normalize(p).text for p in posts), _LONG]
        *found, _ = callers.map(partial(_scores, peer, client), texts)
    return float(np.abs(np.array(found) - expected).max())


def _scores(peer: Peer, client: httpx.Client, text: str) -> list[float]:
    answer = client.post(
        peer.path,
        content=peer.body(text),
        headers={"content-type": "application/json"},
    )
    return peer.logits_or_scores(answer.raise_for_status().content)


def _verdict(peer: Peer, expected: NDArray[np.float64]) -> tuple[bool, str]:
    try:
        with running(peer, _free_port()) as address:
            found = largest_difference(peer, address, POSTS[:N_POSTS], expected)
    except (PeerError, httpx.HTTPError) as e:
        return False, f"FAILED: {e}"
    equal = found <= peer.tolerance
    word = "equal" if equal else "DIFFERENT"
    return equal, f"{word}: at most {found:.1e} apart, {peer.tolerance:g} allowed"


def _free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        port: int = s.getsockname()[1]
        return port


def main() -> None:
    """Print a line a peer; the exit code is 1 where one is not equal."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name", nargs="*", default=[p.name for p in PEERS])
    names = parser.parse_args().name
    expected = expected_scores(POSTS[:N_POSTS])
    all_equal = True
    for peer in PEERS:
        if peer.name in names:
            equal, line = _verdict(peer, expected)
            all_equal = all_equal and equal
            print(f"{peer.name:<16} {line}")  # noqa: T201 -- it prints
    sys.exit(not all_equal)


if __name__ == "__main__":
    main()
