"""Figures beside what is asked for."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class Row:
    """
    One figure.

    Attributes:
        what: What was measured.
        value: The figure.
        required: What it must be.
        aim: What it should be.
        at_least: Whether more is better.
    """

    what: str
    value: float
    required: float
    aim: float | None = None
    at_least: bool = True

    def __str__(self) -> str:
        """Return a line of the table."""
        kept = (
            self.value >= self.required
            if self.at_least
            else self.value <= self.required
        )
        sign = ">=" if self.at_least else "<="
        aim = "" if self.aim is None else f"{self.aim:g}"
        verdict = "ok" if kept else "MISSED"
        return f"{self.what:<58} {self.value:>9.3f}  {sign} {self.required:<7g} {aim:<6} {verdict}"


class Rounds:
    """Figures by name, one for each round; what is told is their median."""

    def __init__(self) -> None:
        self._found: defaultdict[str, list[float]] = defaultdict(list)

    def note(self, name: str, value: float) -> None:
        """Add the figure of a round."""
        self._found[name].append(value)

    def median(self, name: str) -> float:
        """Return the median of all rounds."""
        return float(np.median(self._found[name]))

    def best(self, names: Sequence[str]) -> str:
        """Return the name with the highest median."""
        return max(names, key=self.median)

    def ratio(self, name: str, other: str) -> float:
        """Return the median of what one figure is of another of the same round."""
        pairs = zip(self._found[name], self._found[other], strict=True)
        return float(np.median([a / b for a, b in pairs]))

    def lines(self) -> Iterator[str]:
        """Yield all figures, with their least and most."""
        for name, values in self._found.items():
            low, high = min(values), max(values)
            yield f"  {name:<56} {np.median(values):>9.2f}  ({low:.2f} to {high:.2f})"


def grouped(rows: Mapping[str, Sequence[Row]]) -> Iterator[str]:
    """Yield the lines of the table."""
    yield f"{'':<58} {'measured':>9}  {'required':<10} {'aim':<6}"
    for title, found in rows.items():
        yield title
        yield from map(str, found)
