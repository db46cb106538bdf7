"""Rows drawn again: how often each draw has each row, and what the draws say."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

N_SAMPLES = 1000
_KEPT = 4
"""Figures of the same rows come one after another, and all use the same draws."""


@lru_cache(_KEPT)
def draw_weights(n_rows: int, n_samples: int, seed: int) -> NDArray[np.float32]:
    """
    Return how often each of *n_samples* draws with replacement has each of the rows.

    It is the same for figures of equally many rows, which makes them comparable.

    Returns:
        Read-only, of shape (n_samples, n_rows); each line sums to *n_rows*.
    """
    rng = np.random.default_rng(seed)
    drawn = rng.integers(0, n_rows, (n_samples, n_rows))
    drawn += n_rows * np.arange(n_samples)[:, None]
    counts = np.bincount(drawn.ravel(), minlength=n_samples * n_rows)
    weights = counts.astype(np.float32).reshape(n_samples, n_rows)
    weights.flags.writeable = False
    return weights


def interval(draws: NDArray[np.float64]) -> tuple[float, float]:
    """Return the 95 % percentile interval of *draws* (Efron and Tibshirani 1993)."""
    low, high = np.percentile(draws, [2.5, 97.5])
    return float(low), float(high)


def p_value(differences: NDArray[np.float64]) -> float:
    """
    Return how likely draws of no difference are as far from 0 as these, on both sides.

    Twice the smaller share of draws on one side of 0, each share with one draw more
    (Davison and Hinkley 1997, section 4.2): it is never 0.
    """
    n = len(differences)
    sides = ((differences <= 0).sum(), (differences >= 0).sum())
    return float(min(1.0, 2 * (min(sides) + 1) / (n + 1)))
