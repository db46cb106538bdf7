"""Figures of a split, each with a bootstrap interval."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from pydantic import BaseModel, ConfigDict

from training.evaluation import weighted
from training.evaluation.bootstrap import N_SAMPLES, draw_weights, interval
from training.evaluation.weighted import Truth, Values, Weights

N_BINS = 10
"""Of calibration errors."""
ROUND = 4


Metric = Callable[[Truth, Values], float]
"""From truth and values to a figure."""


class Figure(BaseModel):
    """A figure with its 95 % interval, and on how many rows it was measured."""

    model_config = ConfigDict(frozen=True)

    value: float
    low: float
    high: float
    rows: int


def measure(
    metric: Metric,
    truth: Truth,
    values: Values,
    *,
    n_samples: int = N_SAMPLES,
    seed: int = 0,
) -> Figure:
    """
    Return *metric* with a percentile bootstrap over rows.

    Draws that lack a class are left out.

    Args:
        metric: Takes truth and values; those of this module take all draws at once.
        truth: Classes, of shape (rows,).
        values: Scores or predicted classes, of shape (rows,).
        n_samples: How many times the rows are drawn again.
        seed: Decides which.
    """
    weights = draw_weights(len(truth), n_samples, seed)
    whole = weighted.has_every_class(truth, weights)
    value = metric(truth, values)
    drawn = over_draws(metric, truth, values, weights)[whole]
    low, high = interval(drawn) if len(drawn) else (value, value)
    return Figure(
        value=round(value, ROUND),
        low=round(low, ROUND),
        high=round(high, ROUND),
        rows=len(truth),
    )


def over_draws(
    metric: Metric, truth: Truth, values: Values, weights: Weights
) -> Values:
    """Return *metric* of each draw, of shape (draws,)."""
    if isinstance(metric, PrecisionAt):
        return metric.over_draws(truth, values, weights)
    if at_once := _AT_ONCE.get(metric):
        return at_once(truth, values, weights)
    counts = (draw.astype(np.int64) for draw in weights)
    return np.array([metric(np.repeat(truth, n), np.repeat(values, n)) for n in counts])


def auc(truth: Truth, values: Values) -> float:
    """Return the area under the ROC curve, NaN if a class is absent."""
    return _alone(weighted.auc(truth, values, _once(truth)))


def average_precision(truth: Truth, values: Values) -> float:
    """Return the area under the precision-recall curve, NaN without positives."""
    return _alone(weighted.average_precision(truth, values, _once(truth)))


def macro_f1(truth: Truth, predicted: Values) -> float:
    """Return the mean of the F1 of each class."""
    return _alone(weighted.macro_f1(truth, predicted, _once(truth)))


def positive_f1(truth: Truth, predicted: Values) -> float:
    """Return the F1 of class 1."""
    return _alone(weighted.positive_f1(truth, predicted, _once(truth)))


def share(truth: Truth, flagged: Values) -> float:
    """Return the mean of *flagged*."""
    return _alone(weighted.mean(truth, flagged, _once(truth)))


def brier(truth: Truth, probabilities: Values) -> float:
    """Return the mean squared error of *probabilities*."""
    return _alone(weighted.brier(truth, probabilities, _once(truth)))


def expected_calibration_error(
    truth: Truth, probabilities: Values, *, n_bins: int = N_BINS
) -> float:
    """Return the ECE over bins of equally many rows (adaptive, Nixon et al. 2019)."""
    found = weighted.adaptive_calibration_error(
        truth, probabilities, _once(truth), n_bins=n_bins
    )
    return _alone(found)


def fixed_calibration_error(
    truth: Truth, probabilities: Values, *, n_bins: int = N_BINS
) -> float:
    """Return the ECE over bins of equal width (Guo et al. 2017)."""
    found = weighted.fixed_calibration_error(
        truth, probabilities, _once(truth), n_bins=n_bins
    )
    return _alone(found)


@dataclass(frozen=True, slots=True)
class PrecisionAt:
    """The precision of the top posts, a *budget* of all: what reviewers would see."""

    budget: float

    def __call__(self, truth: Truth, values: Values, /) -> float:
        """Return it; posts at the score where the budget ends count in part."""
        return _alone(self.over_draws(truth, values, _once(truth)))

    def over_draws(self, truth: Truth, values: Values, weights: Weights) -> Values:
        """Return it for each draw."""
        return weighted.precision_at(truth, values, weights, budget=self.budget)


def precision_at(budget: float) -> PrecisionAt:
    """
    Return the metric of the precision of the top *budget* of the posts.

    Raises:
        ValueError: If *budget* is not above 0 and at most 1.
    """
    if not 0 < budget <= 1:
        msg = f"a budget of {budget} is no part of the posts"
        raise ValueError(msg)
    return PrecisionAt(budget)


def _once(truth: Truth) -> Weights:
    return np.ones((1, len(truth)))


def _alone(found: Values) -> float:
    return float(found[0])


def _adaptive(truth: Truth, values: Values, weights: Weights) -> Values:
    return weighted.adaptive_calibration_error(truth, values, weights, n_bins=N_BINS)


def _fixed(truth: Truth, values: Values, weights: Weights) -> Values:
    return weighted.fixed_calibration_error(truth, values, weights, n_bins=N_BINS)


_AT_ONCE: dict[Metric, Callable[[Truth, Values, Weights], Values]] = {
    auc: weighted.auc,
    average_precision: weighted.average_precision,
    macro_f1: weighted.macro_f1,
    positive_f1: weighted.positive_f1,
    share: weighted.mean,
    brier: weighted.brier,
    expected_calibration_error: _adaptive,
    fixed_calibration_error: _fixed,
}
"""Metrics that are computed for all draws at once, which takes a hundredth of the time."""
