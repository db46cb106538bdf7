"""Abusive and hate, of which the one is a part of the other, chosen together."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from kiemtin.labels import Label
from training.calibrating.evidence import Evidence, Truth, Values
from training.calibrating.rules import (
    GRID,
    at_least,
    binary_f1,
    spares_others,
    worth,
)
from training.evaluation.scored import THREE_CLASSES
from training.recipes.outcome import ThresholdSection

HateGiven = Callable[[float], Values]
"""From the threshold of abusive to what each threshold of hate is worth."""

_CLEAN, _OFFENSIVE, _HATE = range(3)


def harm_worth(
    evidence: Evidence, section: ThresholdSection
) -> tuple[Values, HateGiven]:
    """
    Return what each threshold of abusive is worth, and then of hate.

    By macro-F1 it is that of the classes clean, offensive and hate where a corpus has
    them, and abusive is worth what it is with the best threshold of hate. By the other
    rules abusive is chosen for itself; hate is worth what it is among the rows that
    abusive flags, and has to keep the rule alone as well as there.
    """
    if section.rule == "f1" and evidence.three_classes():
        spared = spares_others(evidence, Label.HATE, section)
        both = np.where(spared, _worth_of_pairs(evidence), -np.inf)
        spared = spares_others(evidence, Label.ABUSIVE, section)
        abusive = np.where(spared, both.max(axis=1), -np.inf)
        return abusive, lambda t: both[np.searchsorted(GRID, t)]
    alone = worth(evidence, Label.HATE, section)

    def hate_given(abusive: float) -> Values:
        within = worth(evidence.hate_within(abusive), Label.HATE, section)
        return np.where(np.isfinite(alone), within, -np.inf)

    return worth(evidence, Label.ABUSIVE, section), hate_given


def _worth_of_pairs(evidence: Evidence) -> Values:
    """Return the mean macro-F1 over corpora, of shape (abusive, hate)."""
    found = [three_class_f1(*x) for x in evidence.three_classes()]
    for corpus, part in evidence.parts(Label.ABUSIVE).items():
        if corpus and corpus not in THREE_CLASSES:
            found.append(np.repeat(binary_f1(part)[:, None], len(GRID), axis=1))
    return np.asarray(np.mean(found, axis=0))


def three_class_f1(classes: Truth, abusive: Values, hate: Values) -> Values:
    """
    Return the macro-F1 of each pair of thresholds, of shape (abusive, hate).

    A row is hate where both are reached, offensive where abusive is, else clean.

    Args:
        classes: 0 clean, 1 offensive, 2 hate, of shape (rows,).
        abusive: Scores, of the same shape.
        hate: Scores, of the same shape.
    """
    n = np.bincount(classes, minlength=3)
    called = np.zeros((3, 3, len(GRID), len(GRID)), dtype=np.int64)
    for k in range(3):
        a, h = abusive[classes == k], hate[classes == k]
        reached, both = at_least(a)[:, None], _both_at_least(a, h)
        called[_CLEAN, k] = n[k] - reached
        called[_OFFENSIVE, k] = reached - both
        called[_HATE, k] = both
    sums = called.sum(axis=1)
    f1 = [2 * called[k, k] / np.maximum(sums[k] + n[k], 1) for k in range(3) if n[k]]
    return np.asarray(np.mean(f1, axis=0))


def _both_at_least(a: Values, b: Values) -> NDArray[np.int64]:
    """Return how many pairs reach each pair of thresholds of the grid."""
    size = len(GRID) + 1
    bins = (np.searchsorted(GRID, x, side="right") for x in (a, b))
    counts = np.zeros((size, size), dtype=np.int64)
    np.add.at(counts, tuple(bins), 1)
    from_above = counts[::-1, ::-1].cumsum(axis=0).cumsum(axis=1)[::-1, ::-1]
    return np.asarray(from_above[1:, 1:])
