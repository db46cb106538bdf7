"""How far a long command has come, for people who watch it."""

import os
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from time import perf_counter
from typing import BinaryIO

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from kiemtin.commands.replies import Reply
from kiemtin.labels import Recommendation

_PATIENCE_S = 0.5
"""What is done sooner needs no bar."""


class Tally:
    """Counts what became of the posts, and shows it on a terminal."""

    def __init__(self, file: BinaryIO, progress: Progress | None) -> None:
        self.n_scored = self.n_flagged = self.n_failed = 0
        self._began = perf_counter()
        self._file = file
        self._progress = progress
        self._n_bytes = _size_of(file)
        if progress:
            self._task = progress.add_task("", total=self._n_bytes, done=0)

    def add(self, replies: Sequence[Reply]) -> None:
        """Count *replies*."""
        scores = [score for r in replies if (score := r.score())]
        self.n_failed += len(replies) - len(scores)
        self.n_scored += len(scores)
        self.n_flagged += sum(x.recommendation != Recommendation.NONE for x in scores)
        if self._progress and perf_counter() - self._began > _PATIENCE_S:
            self._progress.start()
            at = self._file.tell() if self._n_bytes is not None else None
            n = self.n_scored + self.n_failed
            self._progress.update(self._task, completed=at, done=n)

    def __str__(self) -> str:  # noqa: D105
        seconds = perf_counter() - self._began
        rate = (self.n_scored + self.n_failed) / seconds
        return (
            f"{self.n_scored} scored, {self.n_flagged} flagged, "
            f"{self.n_failed} failed, {rate:.0f} posts/s"
        )


@contextmanager
def tallied(file: BinaryIO, console: Console, *, bar: bool) -> Iterator[Tally]:
    """Count posts from *file*; with *bar*, *console* shows how far they are read."""
    progress = _progress(console) if bar else None
    tally = Tally(file, progress)
    try:
        yield tally
    finally:
        if progress:
            progress.stop()
    if console.is_terminal:
        console.print(str(tally), highlight=False)


def _progress(console: Console) -> Progress:
    return Progress(
        BarColumn(),
        TextColumn("{task.percentage:>3.0f}%"),
        TextColumn("{task.fields[done]} posts"),
        TimeRemainingColumn(),
        console=console,
        transient=True,
    )


def _size_of(file: BinaryIO) -> int | None:
    """Return how long *file* is, None if that cannot be known."""
    try:
        status = os.fstat(file.fileno())
    except OSError:
        return None
    return status.st_size if stat.S_ISREG(status.st_mode) else None
