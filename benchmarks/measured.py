"""How long something takes, and how much memory at most."""

import resource
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

_T = TypeVar("_T")
_PER_MB = 1e6 if sys.platform == "darwin" else 1e3  # bytes there, kilobytes here


@dataclass(frozen=True, slots=True)
class Measured:
    """
    One figure beside its limit.

    Attributes:
        what: What was measured.
        value: In *unit*.
        unit: Such as ``s`` or ``MB``.
        limit: What it may be at most.
    """

    what: str
    value: float
    unit: str
    limit: float

    def __str__(self) -> str:
        """Return a line for people."""
        verdict = "ok" if self.value <= self.limit else "MISSED"
        return (
            f"{self.what:<46} {self.value:9.2f} {self.unit:<3}"
            f" of {self.limit:g} {self.unit}  {verdict}"
        )


def timed(run: Callable[[], _T]) -> tuple[_T, float]:
    """Return what *run* returns, and the seconds it took by the clock on the wall."""
    began = time.perf_counter()
    done = run()
    return done, time.perf_counter() - began


def peak_mb() -> float:
    """Return the most memory that this process ever held, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _PER_MB
