"""Figures under many weightings of the same rows at once, as a bootstrap needs them."""

from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

Truth = NDArray[np.int64]
Values = NDArray[np.float64]
Weights = NDArray[np.floating[Any]]
"""Of shape (draws, rows): how often each draw has each row."""


def auc(truth: Truth, values: Values, weights: Weights) -> Values:
    """Return the area under the ROC curve of each draw, NaN where a class is absent."""
    yes, whole = _by_score(truth, values, weights)
    no = whole - yes
    above = _cumulated(yes) - yes / 2
    return _ratio(_sum(no * above), _sum(yes) * _sum(no))


def average_precision(truth: Truth, values: Values, weights: Weights) -> Values:
    """Return the area under the steps of the precision-recall curve of each draw."""
    yes, whole = _by_score(truth, values, weights)
    precision = _ratio(_cumulated(yes), _cumulated(whole), empty=0)
    return _ratio(_sum(yes * precision), _sum(yes))


def precision_at(
    truth: Truth, values: Values, weights: Weights, *, budget: float
) -> Values:
    """
    Return the precision of the top posts of each draw, a *budget* of all of them.

    The number of posts is rounded up. Of posts with the score at which the budget ends
    each counts as far as there is room for all of them.
    """
    yes, whole = _by_score(truth, values, weights)
    reached = _cumulated(whole)
    room = np.ceil(np.round(budget * reached[:, -1:], 9))
    taken = np.clip(room - (reached - whole), 0, whole)
    return _ratio(_sum(yes * _ratio(taken, whole, empty=0)), room[:, 0])


def macro_f1(truth: Truth, predicted: Values, weights: Weights) -> Values:
    """Return the mean of the F1 of each class that is true or said of any row."""
    classes = np.union1d(truth, predicted)
    f1 = [_f1(truth == c, predicted == c, weights) for c in classes]
    return np.asarray(np.mean(f1, axis=0))


def positive_f1(truth: Truth, predicted: Values, weights: Weights) -> Values:
    """Return the F1 of class 1."""
    return _f1(truth == 1, predicted == 1, weights)


def mean(_: Truth, values: Values, weights: Weights) -> Values:
    """Return the mean of *values*."""
    return _total(weights, values) / _sum(weights)


def brier(truth: Truth, probabilities: Values, weights: Weights) -> Values:
    """Return the mean squared error of *probabilities*."""
    return mean(truth, (probabilities - truth) ** 2, weights)


def adaptive_calibration_error(
    truth: Truth, probabilities: Values, weights: Weights, *, n_bins: int
) -> Values:
    """Return the ECE over bins of equally many rows (Nixon et al. 2019)."""
    order = np.argsort(probabilities, kind="stable")
    drawn = weights[:, order]
    gaps = drawn * (truth - probabilities)[order].astype(drawn.dtype)
    ends, sums = (_cumulated(_after_nothing(x)) for x in (drawn, gaps))
    edges = [_edges(total, n_bins) for total in ends[:, -1]]
    lines = zip(edges, ends, sums, strict=True)
    at = np.array([np.interp(*line) for line in lines])
    return _sum(np.abs(np.diff(at))) / ends[:, -1]


def fixed_calibration_error(
    truth: Truth, probabilities: Values, weights: Weights, *, n_bins: int
) -> Values:
    """Return the ECE over bins of equal width (Guo et al. 2017)."""
    bins = np.minimum((probabilities * n_bins).astype(np.int64), n_bins - 1)
    gaps = np.zeros((len(truth), n_bins))
    gaps[np.arange(len(truth)), bins] = truth - probabilities
    return _sum(np.abs(_total(weights, gaps))) / _sum(weights)


def has_every_class(truth: Truth, weights: Weights) -> NDArray[np.bool_]:
    """Return which draws hold a row of each class of *truth*."""
    classes = np.unique(truth)
    counts = _total(weights, (truth[:, None] == classes).astype(np.float64))
    return np.asarray((counts > 0).all(axis=1))


def _by_score(
    truth: Truth, values: Values, weights: Weights
) -> tuple[Weights, Weights]:
    """Return positives and rows of each draw at each score, the highest first."""
    order = np.argsort(-values, kind="stable")
    starts = np.flatnonzero(np.append(True, np.diff(values[order]) != 0))
    drawn = weights[:, order]
    yes = drawn * truth[order].astype(drawn.dtype)
    return (
        np.add.reduceat(yes, starts, axis=1),
        np.add.reduceat(drawn, starts, axis=1),
    )


def _f1(true: NDArray[np.bool_], said: NDArray[np.bool_], weights: Weights) -> Values:
    columns = np.column_stack([true & said, true, said]).astype(np.float64)
    hits, n_true, n_said = _total(weights, columns).T
    return _ratio(2 * hits, n_true + n_said, empty=0)


def _after_nothing(values: Weights) -> Weights:
    return np.pad(values, ((0, 0), (1, 0)))


@lru_cache(1)
def _edges(total: float, n_bins: int) -> Values:
    """Return where bins of *total* rows end, as ``numpy.array_split`` cuts them."""
    least, more = divmod(round(total), n_bins)
    bins = np.arange(n_bins + 1)
    return np.asarray(bins * least + np.minimum(bins, more), dtype=np.float64)


def _total(weights: Weights, values: Values) -> Values:
    # In the precision of the weights: a conversion would take longer than the product.
    return np.asarray(weights @ values.astype(weights.dtype), dtype=np.float64)


def _cumulated(values: Weights) -> Values:
    return np.asarray(np.cumsum(values, axis=1, dtype=np.float64))


def _sum(values: Weights) -> Values:
    return np.asarray(values.sum(axis=1, dtype=np.float64))


def _ratio(over: Weights, under: Weights, *, empty: float = np.nan) -> Values:
    out = np.full(np.shape(over), empty, dtype=np.float64)
    return np.divide(over, under, out=out, where=under > 0)
