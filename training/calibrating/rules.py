"""
The four rules by which a threshold for review is chosen.

Each says what every threshold of a fine grid is worth on the dev split, and which are
out of the question; -inf stands for those.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from kiemtin.labels import Label
from training.calibrating.evidence import Evidence, Part, Values
from training.recipes.outcome import ThresholdSection

GRID = (np.arange(1, 201) * 0.005).round(4)
"""Thresholds that are tried; at the last one hardly anything is flagged."""
HIGHEST = 0.99
"""From here on a label is as good as switched off, which no rule forbids."""
OFF = GRID >= HIGHEST
MIN_ROWS = 20
"""So many dev rows at least must speak for a precision."""

Counts = NDArray[np.int64]


def worth(evidence: Evidence, label: Label, section: ThresholdSection) -> Values:
    """
    Return what each threshold of the grid is worth for *label* alone.

    Without rows that carry the label nothing is worth more than to be switched off.
    Thresholds that flag too many of the rows assumed to be free of it are out.
    """
    if not evidence.known(label)[0].any():
        values = np.where(OFF, 0.0, -np.inf)
    else:
        values = RULES[section.rule](evidence, label, section)
    return np.where(spares_others(evidence, label, section), values, -np.inf)


def spares_others(
    evidence: Evidence, label: Label, section: ThresholdSection
) -> NDArray[np.bool_]:
    """Return which thresholds flag few enough of the rows assumed free of *label*."""
    free = evidence.assumed_free(label)
    most = section.others_flagged * len(free)
    spared = at_least(free) <= most
    spared[-1] = True
    return np.asarray(spared)


def at_least(scores: Values) -> Counts:
    """Return how many *scores* reach each threshold of the grid."""
    return len(scores) - np.searchsorted(np.sort(scores), GRID, side="left")


def binary_f1(part: Part) -> Values:
    """Return the macro-F1 of each threshold of the grid on the rows of *part*."""
    hits, reached, positives = _counts(part)
    n = len(part[0])
    of_positives = 2 * hits / np.maximum(reached + positives, 1)
    true_negatives = n - positives - (reached - hits)
    of_negatives = 2 * true_negatives / np.maximum(2 * n - reached - positives, 1)
    return np.asarray((of_positives + of_negatives) / 2)


def _f1(evidence: Evidence, label: Label, section: ThresholdSection) -> Values:
    """The best macro-F1: each corpus counts alike, so that a large one drowns none."""
    return np.asarray(
        np.mean([binary_f1(p) for p in evidence.parts(label).values()], axis=0)
    )


def _precision(evidence: Evidence, label: Label, section: ThresholdSection) -> Values:
    """The best recall, of thresholds of which the flags are right often enough."""
    hits, reached, positives = _counts(evidence.known(label))
    precise = (reached >= MIN_ROWS) & (hits >= section.precision * reached)
    return np.where(precise | OFF, hits / positives, -np.inf)


def _budget(evidence: Evidence, label: Label, section: ThresholdSection) -> Values:
    """The best recall, of thresholds that flag few enough of the posts."""
    hits, _, positives = _counts(evidence.known(label))
    posts = evidence.posts[:, list(Label).index(label)]
    within = at_least(posts) <= section.budget * len(posts)
    return np.where(within | OFF, hits / positives, -np.inf)


def _cost(evidence: Evidence, label: Label, section: ThresholdSection) -> Values:
    """The least cost of a row: 1 if it is reviewed for nothing, more if it is missed."""
    costs = []
    for part in evidence.parts(label).values():
        hits, reached, positives = _counts(part)
        wrong = (reached - hits) + section.missed_cost * (positives - hits)
        costs.append(wrong / len(part[0]))
    return np.asarray(-np.mean(costs, axis=0))


RULES: dict[str, Callable[[Evidence, Label, ThresholdSection], Values]] = {
    "f1": _f1,
    "precision": _precision,
    "budget": _budget,
    "cost": _cost,
}


def _counts(part: Part) -> tuple[Counts, Counts, int]:
    """Return hits and rows reached at each threshold, and how many rows are positive."""
    truth, scores = part
    return at_least(scores[truth == 1]), at_least(scores), int(truth.sum())
