"""Figures of a split, each with a bootstrap interval."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict
from sklearn.metrics import average_precision_score, f1_score, roc_auc_score

Truth = NDArray[np.int64]
Values = NDArray[np.float64]
Metric = Callable[[Truth, Values], float]


class Figure(BaseModel):
    """A figure with its 95 % interval, and on how many rows it was measured."""

    model_config = ConfigDict(frozen=True)

    value: float
    low: float
    high: float
    rows: int


def measure(
    metric: Metric, truth: Truth, values: Values, *, n_samples: int = 300, seed: int = 0
) -> Figure:
    """
    Return *metric* with a percentile bootstrap over rows.

    Args:
        metric: Takes truth and values.
        truth: Classes, of shape (rows,).
        values: Scores or predicted classes, of shape (rows,).
        n_samples: How many times the rows are drawn again.
        seed: Decides which.
    """
    rng = np.random.default_rng(seed)
    n_classes = len(set(truth.tolist()))
    draws = []
    for _ in range(n_samples):
        rows = rng.integers(0, len(truth), len(truth))
        if len(set(truth[rows].tolist())) == n_classes:
            draws.append(metric(truth[rows], values[rows]))
    low, high = np.percentile(draws, [2.5, 97.5])
    return Figure(
        value=round(metric(truth, values), 4),
        low=round(float(low), 4),
        high=round(float(high), 4),
        rows=len(truth),
    )


def auc(truth: Truth, values: Values) -> float:
    """Return the area under the ROC curve."""
    return float(roc_auc_score(truth, values))


def average_precision(truth: Truth, values: Values) -> float:
    """Return the area under the precision-recall curve."""
    return float(average_precision_score(truth, values))


def macro_f1(truth: Truth, predicted: Values) -> float:
    """Return the mean of the F1 of each class."""
    return float(f1_score(truth, predicted, average="macro", zero_division=0))


def positive_f1(truth: Truth, predicted: Values) -> float:
    """Return the F1 of class 1."""
    return float(f1_score(truth, predicted, pos_label=1, zero_division=0))


def share(_: Truth, flagged: Values) -> float:
    """Return the mean of *flagged*."""
    return float(np.mean(flagged))


def brier(truth: Truth, probabilities: Values) -> float:
    """Return the mean squared error of *probabilities*."""
    return float(np.mean((probabilities - truth) ** 2))


def expected_calibration_error(
    truth: Truth, probabilities: Values, *, n_bins: int = 10
) -> float:
    """Return the ECE over bins of equally many rows (adaptive, Nixon et al. 2019)."""
    order = np.argsort(probabilities, kind="stable")
    gaps = [
        len(rows) * abs(truth[rows].mean() - probabilities[rows].mean())
        for rows in np.array_split(order, n_bins)
        if len(rows)
    ]
    return float(sum(gaps) / len(truth))
