"""The examples of an epoch: drawn by temperature, written anew, made ahead of time."""

import os
import random
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context

from training.corpora.row import Row
from training.finetuning.augment import augment
from training.finetuning.examples import Example, ExampleMaker
from training.finetuning.mitigation import mitigate
from training.processes import end_with_parent
from training.recipes.tuning import AugmentSection, MitigationSection

_CHUNK = 1000
"""Rows that go to a process at once."""
_MOST_DRAWN = 3.0
"""No row is drawn more often than this in an epoch, however small its corpus."""


@dataclass(frozen=True)
class Drawing:
    """
    How the rows of an epoch are drawn and written.

    With temperature T a corpus of n rows is drawn in proportion to n^(1/T); the whole
    stays as large. Each row has a random number generator of its own, so that what it
    becomes depends on the seed, the epoch and its key alone.

    Attributes:
        make: Makes the examples.
        mitigation: What is done against talk of politics.
        augmentation: What else is changed.
        shares: How often a row of each corpus is drawn, on average.
        seed: Of the recipe.
    """

    make: ExampleMaker
    mitigation: MitigationSection
    augmentation: AugmentSection
    shares: dict[str, float]
    seed: int

    def examples(self, epoch: int, rows: Sequence[Row]) -> list[Example]:
        """Return the examples of *rows* in an *epoch*, in the order of the rows."""
        return self.make.make_all([(r, t) for r in rows for t in self._texts(epoch, r)])

    def _texts(self, epoch: int, row: Row) -> list[str]:
        rng = random.Random(f"{self.seed}-{epoch}-{row.key}")
        share = self.shares[row.corpus]
        times = int(share) + (rng.random() < share % 1)
        return [self._written(row.text, rng) for _ in range(times)]

    def _written(self, text: str, rng: random.Random) -> str:
        return augment(mitigate(text, self.mitigation, rng), self.augmentation, rng)


def draw_shares(rows: Sequence[Row], temperature: float) -> dict[str, float]:
    """Return how often a row of each corpus is drawn in an epoch, on average."""
    counts = Counter(r.corpus for r in rows)
    scaled = {c: n ** (1 / temperature) for c, n in counts.items()}
    total = sum(scaled.values())
    return {
        c: min(_MOST_DRAWN, len(rows) * scaled[c] / total / n)
        for c, n in counts.items()
    }


class Epochs:
    """The examples of one epoch after the other, the next made by other processes."""

    def __init__(
        self, rows: Sequence[Row], drawing: Drawing, *, last: int, n_processes: int
    ) -> None:
        """
        Begin nothing yet.

        Args:
            rows: All that may be drawn.
            drawing: How.
            last: The last epoch; none is made ahead after it.
            n_processes: How many work ahead; 0 makes an epoch when it is asked for.
        """
        self._chunks = [rows[i : i + _CHUNK] for i in range(0, len(rows), _CHUNK)]
        self._drawing = drawing
        self._last = last
        self._ahead: dict[int, list[Future[list[Example]]]] = {}
        self._pool = None
        if n_processes:
            self._pool = ProcessPoolExecutor(
                n_processes,
                get_context("spawn"),
                initializer=_receive,
                initargs=(drawing,),
            )

    def __call__(self, epoch: int) -> list[Example]:
        """Return the examples of *epoch*, shuffled."""
        self._order(epoch)
        self._order(epoch + 1)
        if epoch in self._ahead:
            made = [f.result() for f in self._ahead.pop(epoch)]
        else:
            made = [self._drawing.examples(epoch, c) for c in self._chunks]
        examples = [e for chunk in made for e in chunk]
        random.Random(f"{self._drawing.seed}-{epoch}").shuffle(examples)
        return examples

    def close(self) -> None:
        """Let the other processes go."""
        if self._pool:
            self._pool.shutdown(wait=True, cancel_futures=True)

    def _order(self, epoch: int) -> None:
        if self._pool and epoch <= self._last and epoch not in self._ahead:
            self._ahead[epoch] = [
                self._pool.submit(_draw, epoch, c) for c in self._chunks
            ]


_drawing: Drawing | None = None


def _receive(drawing: Drawing) -> None:
    global _drawing  # noqa: PLW0603 -- a process is given it once, not with each chunk
    _drawing = drawing
    # There are enough processes; each with threads of its own would wait for the others.
    os.environ["TOKENIZERS_PARALLELISM"] = "false"
    end_with_parent()


def _draw(epoch: int, rows: Sequence[Row]) -> list[Example]:
    assert _drawing is not None  # noqa: S101 -- every process received it
    return _drawing.examples(epoch, rows)
