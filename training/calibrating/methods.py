"""
Four ways to make a probability of a logit, each fitted by its log loss.

None of them ever turns the order of two logits around: what a network ranks well
stays ranked well, whatever the fit.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from sklearn.isotonic import isotonic_regression

from kiemtin.manifest import Beta, Calibration, Isotonic, Platt, Temperature
from training.recipes.outcome import Method

Logits = NDArray[np.float64]
Truth = NDArray[np.int64]

_FLATTEST, _STEEPEST = 1e-3, 1e3
"""The least and the most that a logit may count for."""
_MOST_KNOTS = 60
_DECIMALS = 6


def fit_temperature(logits: Logits, truth: Truth) -> Temperature:
    """Fit sigmoid(x / temperature) (Guo et al. 2017, arXiv:1706.04599)."""
    (slope,) = _fit(logits[:, None], truth, free=0)
    return Temperature(temperature=round(1 / slope, _DECIMALS))


def fit_platt(logits: Logits, truth: Truth) -> Platt:
    """Fit sigmoid(slope * x + intercept) (Platt 1999)."""
    slope, intercept = _fit(np.column_stack([logits, np.ones_like(logits)]), truth)
    return Platt(slope=round(slope, _DECIMALS), intercept=round(intercept, _DECIMALS))


def fit_beta(logits: Logits, truth: Truth) -> Beta:
    """Fit sigmoid(a * ln(p) - b * ln(1 - p) + c), p = sigmoid(x) (Kull et al. 2017)."""
    features = [
        -np.logaddexp(0, -logits),
        np.logaddexp(0, logits),
        np.ones_like(logits),
    ]
    a, b, c = _fit(np.column_stack(features), truth)
    return Beta(a=round(a, _DECIMALS), b=round(b, _DECIMALS), c=round(c, _DECIMALS))


def fit_isotonic(logits: Logits, truth: Truth) -> Isotonic:
    """
    Fit a curve that only rises (Zadrozny and Elkan 2002).

    Each block of equal probability becomes one knot, at the mean of its logits
    (centered isotonic regression, Oron and Flournoy 2017): between knots the curve
    rises, so that rows of one block keep their order. Probabilities keep half a row's
    distance from 0 and 1.
    """
    order = np.argsort(logits, kind="stable")
    x, rows = np.unique(logits[order], return_counts=True)
    positives = np.add.reduceat(truth[order], np.cumsum(rows) - rows)
    p = isotonic_regression(positives / rows, sample_weight=rows)
    p = np.clip(p, 0.5 / len(truth), 1 - 0.5 / len(truth))
    starts = np.flatnonzero(np.diff(p, prepend=-1))
    weights = np.add.reduceat(rows, starts)
    centres = np.add.reduceat(x * rows, starts) / weights
    # The ends, too: a curve of one block would be a point.
    knots = np.unique(np.round(np.concatenate([x[:1], centres, x[-1:]]), _DECIMALS))
    heights = np.interp(knots, centres, p[starts])
    if len(knots) == 1:
        knots, heights = knots + np.array([-1, 1]), np.repeat(heights, 2)
    kept = np.unique(np.linspace(0, len(knots) - 1, _MOST_KNOTS).round().astype(int))
    return Isotonic(
        logits=tuple(knots[kept].tolist()),
        probabilities=tuple(heights[kept].round(_DECIMALS + 2).tolist()),
    )


METHODS: dict[Method, Callable[[Logits, Truth], Calibration]] = {
    "temperature": fit_temperature,
    "platt": fit_platt,
    "beta": fit_beta,
    "isotonic": fit_isotonic,
}
"""From the simplest, of one figure, to the most flexible."""


def _fit(features: Logits, truth: Truth, *, free: int = 1) -> list[float]:
    """
    Return the weights of *features* with the least log loss.

    All are at least 0 but the last *free* ones. The targets are smoothed as Platt
    proposes, so that a label that the rows separate perfectly does not become certain.
    """
    positives = int(truth.sum())
    high, low = (positives + 1) / (positives + 2), 1 / (len(truth) - positives + 2)
    targets = np.where(truth == 1, high, low)

    def loss(weights: Logits) -> tuple[float, Logits]:
        x = features @ weights
        p = np.exp(-np.logaddexp(0, -x))
        value = np.mean(np.logaddexp(0, x) - targets * x)
        return float(value), features.T @ (p - targets) / len(truth)

    bound = features.shape[1] - free
    start = np.r_[np.ones(bound), np.zeros(free)]
    bounds = [(_FLATTEST, _STEEPEST)] * bound + [(None, None)] * free
    found = minimize(loss, start, jac=True, bounds=bounds, method="L-BFGS-B")
    return [float(x) for x in found.x]
