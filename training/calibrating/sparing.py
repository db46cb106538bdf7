"""
Keep protected speech: raise thresholds, cheapest first, until few enough is flagged.

All labels together may flag at most a share of protected speech, and at most a multiple
of the share of other benign text that they flag. The dev half has some two hundred rows,
so that what is counted on it is a guess. What is held is the most that may be expected
of another half as large: that leaves room for rows that nobody has seen.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import permutations

import numpy as np
from numpy.typing import NDArray

from kiemtin.labels import Label
from training.calibrating.evidence import Evidence, Values
from training.calibrating.intervals import TO_ANOTHER, wilson
from training.calibrating.rules import GRID
from training.recipes.outcome import ThresholdSection

Worths = dict[Label, Values]
"""What each threshold of the grid is worth, for each label that flags by itself."""
Choice = dict[Label, int]
"""A place in the grid for each label."""

_FREE = 1e-9


def spare(
    worths: Worths, evidence: Evidence, section: ThresholdSection
) -> dict[Label, float]:
    """
    Return the thresholds of most worth, all labels summed, that spare protected speech.

    From each label's best, the threshold is raised that loses the least worth for what
    it spares, again and again until the bounds hold; then each two labels take the
    best that the others leave them. Hate flags nothing that abusive does not, so it has no say.
    """
    bounds = Bounds.of(list(worths), evidence, section)
    chosen = {x: int(np.argmax(w)) for x, w in worths.items()}
    while bounds.excess(chosen) > 0:
        raised = _cheapest_step(chosen, worths, bounds)
        if raised == chosen:
            break
        chosen = raised
    return {x: float(GRID[i]) for x, i in _polished(chosen, worths, bounds).items()}


@dataclass(frozen=True, slots=True)
class Reached:
    """Which rows reach each threshold of the grid, eight rows to a byte."""

    rows: int
    bits: dict[Label, NDArray[np.uint8]]

    @classmethod
    def of(cls, scores: Values, labels: list[Label]) -> "Reached":
        """Return what *scores*, of shape (rows, labels), reach."""
        columns = list(Label)
        reached = {x: scores[:, columns.index(x)] >= GRID[:, None] for x in labels}
        return cls(len(scores), {x: np.packbits(r, axis=1) for x, r in reached.items()})

    def n_flagged(self, chosen: Choice, label: Label) -> NDArray[np.int64]:
        """Return how many rows any label flags, for each threshold of *label*."""
        others = [self.bits[x][i] for x, i in chosen.items() if x is not label]
        either = self.bits[label] | np.bitwise_or.reduce(others, axis=0)
        return np.asarray(np.bitwise_count(either).sum(axis=1, dtype=np.int64))

    def n_alone(self, label: Label) -> NDArray[np.int64]:
        """Return how many rows *label* alone flags at each of its thresholds."""
        counts = np.bitwise_count(self.bits[label])
        return np.asarray(counts.sum(axis=1, dtype=np.int64))


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much protected speech a choice of thresholds flags beyond what it may."""

    section: ThresholdSection
    protected: Reached
    benign: Reached

    @classmethod
    def of(
        cls, labels: list[Label], evidence: Evidence, section: ThresholdSection
    ) -> "Bounds":
        """Return the bounds on the rows of *evidence*."""
        return cls(
            section,
            Reached.of(evidence.protected.scores, labels),
            Reached.of(evidence.benign(), labels),
        )

    def excess(self, chosen: Choice) -> float:
        """Return by how much the share may be too large; 0 or less if it holds."""
        label = next(iter(chosen))
        return float(self.excesses(chosen, label)[chosen[label]])

    def excesses(self, chosen: Choice, label: Label) -> Values:
        """Return the excess for each threshold of *label*, the others as chosen."""
        flagged = self.protected.n_flagged(chosen, label)
        upper = np.array(
            [_most_elsewhere(int(k), self.protected.rows) for k in flagged]
        )
        allowed = np.full(len(GRID), self.section.protected_flagged)
        if self.benign.rows:
            others = self.benign.n_flagged(chosen, label) / self.benign.rows
            allowed = np.minimum(allowed, self.section.protected_ratio * others)
        return np.asarray(upper - allowed)


@lru_cache(maxsize=4096)
def _most_elsewhere(n_flagged: int, n: int) -> float:
    """Return the share to expect at most of as many other rows; none counts as none."""
    return wilson(n_flagged, n, errors=TO_ANOTHER)[1] if n_flagged else 0.0


def _cheapest_step(chosen: Choice, worths: Worths, bounds: Bounds) -> Choice:
    """
    Return *chosen* with the raise that spares most for the worth it loses.

    Where no raise alone spares anything, as each row is flagged by two labels, it is
    the one that spares most of what its label flags; where none does, all are off.
    """
    steps = [(x, i, gain) for x in chosen for i, gain in _raises(x, chosen, bounds)]
    steps = [s for s in steps if np.isfinite(worths[s[0]][s[1]])]
    if not steps:
        return dict.fromkeys(chosen, len(GRID) - 1)

    def rate(step: tuple[Label, int, tuple[float, float]]) -> tuple[float, float]:
        label, i, (together, alone) = step
        lost = max(float(worths[label][chosen[label]] - worths[label][i]), _FREE)
        return together / lost, alone / lost

    label, i, _ = max(steps, key=rate)
    return chosen | {label: i}


def _raises(
    label: Label, chosen: Choice, bounds: Bounds
) -> Iterator[tuple[int, tuple[float, float]]]:
    """Yield raises, with how much less is flagged by all labels and by this one."""
    excesses, alone = bounds.excesses(chosen, label), bounds.protected.n_alone(label)
    now = chosen[label]
    for i in range(now + 1, len(GRID)):
        together = max(float(excesses[now] - excesses[i]), 0.0)
        if together > 0 or alone[i] < alone[now]:
            yield i, (together, float(alone[now] - alone[i]))


def _polished(chosen: Choice, worths: Worths, bounds: Bounds) -> Choice:
    """Let each two labels take the best thresholds that the others leave them."""
    if bounds.excess(chosen) > 0:
        return chosen
    while True:
        before = chosen
        for one, other in permutations(worths, 2):
            chosen = _best_of_two(one, other, chosen, worths, bounds)
        if chosen == before:
            return chosen


def _best_of_two(
    one: Label, other: Label, chosen: Choice, worths: Worths, bounds: Bounds
) -> Choice:
    best, most = chosen, worths[one][chosen[one]] + worths[other][chosen[other]]
    for i in _best_of_each_count(one, worths, bounds):
        trial = chosen | {one: i}
        held = bounds.excesses(trial, other) <= 0
        values = worths[one][i] + np.where(held, worths[other], -np.inf)
        j = int(np.argmax(values))
        if values[j] > most + _FREE:
            best, most = trial | {other: j}, values[j]
    return best


def _best_of_each_count(label: Label, worths: Worths, bounds: Bounds) -> list[int]:
    """Return, for each number of protected rows it may flag, the best threshold."""
    counts = bounds.protected.n_alone(label)
    values = worths[label]
    best = {n: int(np.argmax(np.where(counts == n, values, -np.inf))) for n in counts}
    return [i for i in best.values() if np.isfinite(values[i])]
