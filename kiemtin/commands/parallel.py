"""Score batches on all cores: in this process, and in others that help it."""

import os
import signal
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from pathlib import Path
from types import TracebackType
from typing import Self

from kiemtin.commands.lines import Refused
from kiemtin.commands.replies import Reply, Result
from kiemtin.errors import HelperLostError, InputError
from kiemtin.schemas import Item
from kiemtin.scoring import Scorer

Batch = list[Item | Refused]

_ALONE = 4
"""Batches before helpers are called: a short file is done before they are there."""
_AHEAD = 2
"""Batches that a helper is handed, so that it never waits."""


class Crew:
    """
    A scorer here, and helpers with the same bundle.

    Args:
        bundle: What all of them load.
        n_processes: How many there are, this one included.
    """

    def __init__(self, bundle: Path, n_processes: int) -> None:
        self.scorer = Scorer.load(bundle, threads=1)
        self._bundle = bundle
        self._n_helpers = n_processes - 1
        self._helpers: ProcessPoolExecutor | None = None

    def __enter__(self) -> Self:
        """Begin alone."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Let the helpers go; of what they were handed nothing more is begun."""
        if self._helpers:
            self._helpers.shutdown(wait=error is None, cancel_futures=True)

    def replies(self, batches: Iterable[Batch]) -> Iterator[list[Reply]]:
        """
        Yield what becomes of *batches*, in order.

        Raises:
            HelperLostError: If a helper ended before its work did.
        """
        pending: deque[tuple[Batch, Future[list[Result]]]] = deque()
        handed: set[Future[list[Result]]] = set()
        for number, batch in enumerate(batches):
            if number == _ALONE and self._n_helpers:
                self._helpers = self._call_helpers()
            handed = {x for x in handed if not x.done()}
            if self._helpers and len(handed) < _AHEAD * self._n_helpers:
                future = self._helpers.submit(_help, _items(batch))
                handed.add(future)
            else:
                future = Future()
                future.set_result(score(self.scorer, _items(batch)))
            pending.append((batch, future))
            while pending and pending[0][1].done():
                yield _replies(*pending.popleft())
        while pending:
            yield _replies(*pending.popleft())

    def _call_helpers(self) -> ProcessPoolExecutor:
        # Each has one core: nothing in it may start a thread for all of them.
        os.environ |= {"OMP_NUM_THREADS": "1", "TOKENIZERS_PARALLELISM": "false"}
        return ProcessPoolExecutor(
            self._n_helpers,
            mp_context=get_context("spawn"),
            initializer=_load,
            initargs=(self._bundle,),
        )


def score(scorer: Scorer, items: Sequence[Item]) -> list[Result]:
    """Return score objects of *items* as JSON, or why there is none."""
    return [
        x if isinstance(x, InputError) else x.model_dump_json().encode()
        for x in scorer.score_batch(items)
    ]


def _items(batch: Batch) -> list[Item]:
    return [x for x in batch if isinstance(x, Item)]


def _replies(batch: Batch, future: Future[list[Result]]) -> list[Reply]:
    try:
        results = iter(future.result())
    except BrokenProcessPool:
        msg = "a process that helped to score ended; is there enough memory?"
        raise HelperLostError(msg) from None
    return [
        Reply(x.id, x.text, next(results))
        if isinstance(x, Item)
        else Reply(x.id, "", x.error)
        for x in batch
    ]


_scorers: list[Scorer] = []
"""What a helper has loaded."""


def _load(bundle: Path) -> None:
    # Ctrl-C reaches all of them; who called them ends them.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _scorers.append(Scorer.load(bundle, threads=1))


def _help(items: Sequence[Item]) -> list[Result]:
    return score(_scorers[0], items)
