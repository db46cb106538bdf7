"""What is measured of our service."""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.serving.load import Check, Outcome, press, request
from benchmarks.serving.service import Service
from benchmarks.serving.streaming import exchange

SECONDS = 3.0
"""How long a run of one kind takes."""
BATCH = 32
_CALLERS_OF_BATCHES = 4


class Ours:
    """The service, asked in every way that it can be asked."""

    def __init__(self, service: Service, texts: Sequence[str]) -> None:
        self._port = service.port
        self._rows = [{"id": str(i), "text": text} for i, text in enumerate(texts)]
        self._single = [request("/v1/score", _json(x)) for x in self._rows]
        self._batches = [
            request("/v1/score/batch", _json({"items": self._rows[i : i + BATCH]}))
            for i in range(0, len(texts) - BATCH + 1, BATCH)
        ]

    def alone(self) -> Outcome:
        """One caller."""
        return self.single(1)

    def single(self, callers: int, seconds: float = SECONDS) -> Outcome:
        """Post by post."""
        return press(
            self._port,
            self._single,
            callers=callers,
            seconds=seconds,
            is_right=self._is_right(),
        )

    def flood(self, per_s: float, seconds: float) -> Outcome:
        """Post by post, whether there is an answer or not."""
        return press(
            self._port,
            self._single,
            callers=512,
            seconds=seconds,
            is_right=self._is_right(),
            per_s=per_s,
        )

    def batches(self) -> float:
        """Return posts a second in batches."""
        outcome = press(
            self._port,
            self._batches,
            callers=_CALLERS_OF_BATCHES,
            seconds=SECONDS,
            is_right=lambda n, body: body.count(b'"status":"ok"') == BATCH,
        )
        assert not outcome.n_wrong  # noqa: S101 -- a measurement of errors is none
        return outcome.rate * BATCH

    def stream(self, seconds: float = SECONDS) -> float:
        """Return posts a second in one stream."""
        began = time.perf_counter()

        def lines() -> Iterator[bytes]:
            number = 0
            while time.perf_counter() - began < seconds:
                rows = (self._rows[(number + i) % len(self._rows)] for i in range(64))
                yield b"".join(_json(x) + b"\n" for x in rows)
                number += 64

        n_posts = exchange(self._port, "/v1/score/stream", lines())
        return n_posts / (time.perf_counter() - began)

    def _is_right(self) -> Check:
        n = len(self._single)
        return lambda number, body: body.startswith(b'{"id":"%d",' % (number % n))


def score_a_file(texts: Sequence[str], repeats: int) -> float:
    """Return posts a second of ``kiemtin score``, its start included."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "posts.jsonl"
        with path.open("wb") as file:
            for _ in range(repeats):
                file.writelines(_json({"text": x}) + b"\n" for x in texts)
        began = time.perf_counter()
        subprocess.run(  # noqa: S603 -- ourselves
            [sys.executable, "-m", "kiemtin.cli", "score", str(path)],
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        return len(texts) * repeats / (time.perf_counter() - began)


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()
