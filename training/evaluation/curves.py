"""What plots draw: curves and tables of truth against scores."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training.evaluation.weighted import Truth, Values

_MAX_POINTS = 150
"""Of a curve: more could not be seen, and would only make the file large."""
_Z = 1.959964


@dataclass(frozen=True, eq=False, slots=True)
class Curve:
    """
    What happens to posts at each threshold, of shape (thresholds,), ascending.

    Attributes:
        thresholds: Scores; a post is flagged that reaches it.
        precision: Which part of the flagged posts is positive, 1 if none is flagged.
        recall: Which part of the positive posts is flagged.
        flagged: Which part of all posts is flagged.
    """

    thresholds: Values
    precision: Values
    recall: Values
    flagged: Values

    @property
    def f1(self) -> Values:
        """The harmonic mean of precision and recall."""
        total = self.precision + self.recall
        product = 2 * self.precision * self.recall
        return np.divide(product, total, out=np.zeros_like(total), where=total > 0)


@dataclass(frozen=True, eq=False, slots=True)
class Bins:
    """
    Posts by their scores, in bins of equal width; of shape (bins,), none of them empty.

    Attributes:
        said: The mean of the scores.
        true: The share of positives.
        low: Where its 95 % interval begins (Wilson 1927).
        high: Where it ends.
    """

    said: Values
    true: Values
    low: Values
    high: Values


def curve(truth: Truth, scores: Values) -> Curve:
    """Return what happens at the scores that there are, or at some of them if many."""
    found = np.unique(scores)
    if len(found) > _MAX_POINTS:
        at = np.linspace(0, len(found) - 1, _MAX_POINTS).round().astype(np.int64)
        found = found[at]
    order = np.argsort(scores, kind="stable")
    start = np.searchsorted(scores[order], found, side="left")
    n, positives = len(scores) - start, int(truth.sum())
    hits = positives - np.append(0, np.cumsum(truth[order]))[start]
    return Curve(found, hits / np.maximum(n, 1), hits / positives, n / len(scores))


def bins(truth: Truth, scores: Values, *, n_bins: int = 10) -> Bins:
    """Return how often posts of like scores are positive."""
    homes = np.minimum((scores * n_bins).astype(np.int64), n_bins - 1)
    parts = [homes == i for i in np.unique(homes)]
    said = np.array([scores[x].mean() for x in parts])
    true = np.array([truth[x].mean() for x in parts])
    n = np.array([x.sum() for x in parts])
    middle = (true + _Z**2 / (2 * n)) / (1 + _Z**2 / n)
    half = _Z / (1 + _Z**2 / n) * np.sqrt(true * (1 - true) / n + _Z**2 / (4 * n**2))
    return Bins(
        said, true, np.minimum(middle - half, true), np.maximum(middle + half, true)
    )


def table(truth: Truth, predicted: Values, n_classes: int) -> NDArray[np.int64]:
    """Return how many rows are of each class (axis 0) and taken for each (axis 1)."""
    pairs = truth * n_classes + predicted.astype(np.int64)
    counts = np.bincount(pairs, minlength=n_classes**2)
    return counts.reshape(n_classes, n_classes)
