"""What must hold, whatever the speed: company, memory, floods, swaps."""

import http.client
import json
import random
import threading
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.serving.ours import Ours
from benchmarks.serving.rollout import swap_every, two_models
from benchmarks.serving.service import Service, serving
from benchmarks.serving.table import Row

_N_COMPANY = 200
_TIMES = 5
_SWAP_S = 5.0
_N_SWAPS = 8


class Trials:
    """Trials of a running service."""

    def __init__(self, service: Service, ours: Ours, texts: Sequence[str]) -> None:
        self._service = service
        self._ours = ours
        self._texts = texts[:_N_COMPANY]

    def company(self) -> list[Row]:
        """Return how far a probability moves when a post is scored among others."""
        alone = [self._score([x])[0] for x in self._texts]
        moved = 0.0
        chance = random.Random(3)  # noqa: S311 -- an order, not a secret
        for _ in range(3):
            order = list(range(len(self._texts)))
            chance.shuffle(order)
            for i in range(0, len(order), 50):
                some = order[i : i + 50]
                scores = self._score([self._texts[j] for j in some])
                moved = max(
                    moved,
                    *(
                        abs(got[x] - alone[j][x])
                        for j, got in zip(some, scores, strict=True)
                        for x in got
                    ),
                )
        return [
            Row(
                "largest change of a probability in company",
                moved,
                0.001,
                0,
                at_least=False,
            )
        ]

    def memory(self) -> list[Row]:
        """Return what all processes hold after all this."""
        rss, pss = self._service.memory_mb()
        return [
            Row("resident memory, MB (sum of RSS)", rss, 350, at_least=False),
            Row(
                "resident memory, MB (shared pages once, PSS)", pss, 350, at_least=False
            ),
        ]

    def flood(self, capacity: float, seconds: float) -> list[Row]:
        """Ask for five times as much as is done, and return what is still done."""
        found = self._ours.flood(_TIMES * capacity, seconds)
        offered = (found.statuses.total() + found.n_unsent) / found.seconds / capacity
        return [
            Row("offered, times capacity", offered, 4.5),
            Row("goodput kept", found.rate / capacity, 0.95),
            Row(
                "p99 of what is accepted, s",
                found.quantile_ms(0.99) / 1000,
                2,
                at_least=False,
            ),
            Row(
                "wrong or lost answers",
                found.n_wrong + found.n_failed,
                0,
                at_least=False,
            ),
        ]

    def swaps(self, texts: Sequence[str]) -> list[Row]:
        """Swap the model again and again under load, and return what failed."""
        with TemporaryDirectory() as folder:
            models = two_models(Path(folder))
            with serving(KIEMTIN_MODELS=folder) as service:
                ours = Ours(service, texts)
                done: list[str] = []
                stop = threading.Event()
                swapper = threading.Thread(
                    target=swap_every, args=(service.port, models, _SWAP_S, stop, done)
                )
                swapper.start()
                found = ours.single(32, seconds=_SWAP_S * _N_SWAPS)
                stop.set()
                swapper.join()
        failed = found.statuses.total() - found.statuses[200] + found.n_wrong
        return [
            Row("swaps", len(done), _N_SWAPS // 2),
            Row("failed requests", failed, 0, at_least=False),
        ]

    def _score(self, texts: Sequence[str]) -> list[dict[str, float]]:
        connection = http.client.HTTPConnection("127.0.0.1", self._service.port)
        body = json.dumps({"items": [{"text": x} for x in texts]}).encode()
        connection.request(
            "POST", "/v1/score/batch", body, {"Content-Type": "application/json"}
        )
        answer = json.loads(connection.getresponse().read())
        connection.close()
        return [x["scores"] for x in answer["results"]]
