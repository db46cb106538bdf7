"""The engine alone, without a service around it: in which layout it is fastest."""

import os
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import ExitStack
from multiprocessing import get_context
from typing import Self

from kiemtin.bundles import COMPACT
from kiemtin.cores import n_cores
from kiemtin.schemas import Item
from kiemtin.scoring import Scorer

_scorers: list[Scorer] = []


def _load(threads: int) -> None:
    _scorers[:] = [Scorer.load(COMPACT, threads=threads)]


def _score(items: Sequence[Item]) -> int:
    return len(_scorers[0].score_batch(items))


class RawEngine:
    """
    Scorers in every layout that there is reason to try, ready to be timed.

    Processes with a core each; threads that share one; one thread that has all cores.
    Each with posts one by one, and in batches of 32 sorted by length beforehand, which
    no service can do.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        os.environ |= {"OMP_NUM_THREADS": "1", "TOKENIZERS_PARALLELISM": "false"}
        items = [Item(str(i), text) for i, text in enumerate(texts)]
        by_length = sorted(items, key=lambda x: -len(x.text))
        self._shapes = {
            "one by one": [[x] for x in items],
            "by 8": [items[i : i + 8] for i in range(0, len(items), 8)],
            "by 32": [items[i : i + 32] for i in range(0, len(items), 32)],
            "sorted, by 32": [by_length[i : i + 32] for i in range(0, len(items), 32)],
        }
        self._stack = ExitStack()
        self.layouts: dict[str, Callable[[], float]] = {}

    def __enter__(self) -> Self:
        """Load all of them."""
        n = n_cores()
        _load(n)
        together = Scorer.load(COMPACT, threads=n)
        one = Scorer.load(COMPACT, threads=1)
        processes = self._stack.enter_context(
            ProcessPoolExecutor(
                n, mp_context=get_context("spawn"), initializer=_load, initargs=(1,)
            )
        )
        threads = self._stack.enter_context(ThreadPoolExecutor(n))
        for shape, batches in self._shapes.items():
            self.layouts |= {
                f"{n} processes, {shape}": _timed(processes, _score, batches),
                f"{n} threads, {shape}": _timed(threads, one.score_batch, batches),
                f"1 thread on {n} cores, {shape}": _timed(
                    None, together.score_batch, batches
                ),
            }
        return self

    def __exit__(self, *error: object) -> None:
        """Let go of all of them."""
        self._stack.close()


def _timed(
    pool: Executor | None,
    score: Callable[[Sequence[Item]], object],
    batches: Sequence[Sequence[Item]],
) -> Callable[[], float]:
    """Return what measures posts a second."""

    def run() -> float:
        began = time.perf_counter()
        if pool is None:
            for batch in batches:
                score(batch)
        else:
            list(pool.map(score, batches))
        return sum(map(len, batches)) / (time.perf_counter() - began)

    return run


def alone_ms(texts: Sequence[str]) -> float:
    """Return the median of what a post takes by itself, the better of one core or all."""
    medians = []
    for threads in {1, n_cores()}:
        scorer = Scorer.load(COMPACT, threads=threads)
        waits = []
        for i, text in enumerate(texts):
            began = time.perf_counter()
            scorer.score(Item(str(i), text)).model_dump_json()
            waits.append(time.perf_counter() - began)
        medians.append(sorted(waits)[len(waits) // 2] * 1000)
    return min(medians)
