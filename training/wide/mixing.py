"""How much of a label's logit is the network's, and how much the wide part's."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from kiemtin.labels import Label
from kiemtin.manifest import Mixing
from training.corpora.row import Row

_FEW = 25
"""With fewer rows of either class nothing is fitted."""
_ALONE, _HALVES = Mixing(network=1, wide=0), Mixing(network=0.5, wide=0.5)

Logits = NDArray[np.floating]


def fit_all(
    rows: Sequence[Row], network: Logits, wide: Logits, known: Sequence[Label]
) -> dict[Label, Mixing]:
    """
    Return the mixing of each label; without the wide part for those not *known* to it.

    Args:
        rows: That neither model has learnt from.
        network: Their pooled logits, of shape (rows, labels).
        wide: Of the wide part, of the same shape.
        known: The labels that the wide part has experts for.
    """
    mixing = dict.fromkeys(Label, _ALONE)
    for label in known:
        column = list(Label).index(label)
        at = [i for i, r in enumerate(rows) if label in r.labels]
        truth = np.array([int(rows[i].labels[label]) for i in at], dtype=np.int64)
        mixing[label] = fit_mixing(network[at, column], wide[at, column], truth)
    return mixing


def fit_mixing(network: Logits, wide: Logits, truth: NDArray[np.int64]) -> Mixing:
    """
    Return the two numbers, neither below 0, that tell *truth* best (stacking).

    Args:
        network: Pooled logits, of shape (rows,).
        wide: The wide part's, of the same shape.
        truth: 0 or 1, of the same shape.
    """
    if min(truth.sum(), (1 - truth).sum()) < _FEW:
        return _HALVES
    both = np.column_stack([network, wide]).astype(np.float64)
    of_network, of_wide = _coefficients(both, truth)
    if of_network < 0:
        return Mixing(network=0, wide=max(0.0, _coefficients(both[:, 1:], truth)[0]))
    if of_wide < 0:
        return Mixing(network=max(0.0, _coefficients(both[:, :1], truth)[0]), wide=0)
    return Mixing(network=of_network, wide=of_wide)


def _coefficients(logits: NDArray[np.float64], truth: NDArray[np.int64]) -> list[float]:
    found: list[float] = LogisticRegression(C=1).fit(logits, truth).coef_[0].tolist()
    return found
