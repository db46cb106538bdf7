"""The thresholds of the floor: those of the best macro-F1 on dev."""

from itertools import product

import numpy as np
from numpy.typing import NDArray

from kiemtin.labels import Label
from training.evaluation.metrics import macro_f1
from training.evaluation.scored import Scored, has_three_classes, labels_of

_DEFAULT = 0.5
"""Where dev cannot say."""
_STEPS = np.linspace(0.02, 0.98, 49)
_COARSE = np.linspace(0.05, 0.95, 19)
"""Of pairs of thresholds, of which there are many."""
_LABELS = list(Label)
_ABUSIVE, _HATE = _LABELS.index(Label.ABUSIVE), _LABELS.index(Label.HATE)


def flag(scores: NDArray[np.float64], *, chosen_on: Scored) -> NDArray[np.bool_]:
    """
    Return what is flagged of *scores*, by thresholds that are best on another set.

    Args:
        scores: Of shape (rows, labels); where they are NaN nothing is flagged.
        chosen_on: Rows of one corpus, with their scores.
    """
    thresholds = dict.fromkeys(Label, _DEFAULT)
    known = labels_of(chosen_on)
    if has_three_classes(chosen_on):
        best = _best_pair(chosen_on)
        thresholds[Label.ABUSIVE], thresholds[Label.HATE] = best
    else:
        thresholds |= {x: _best(chosen_on, x) for x in known}
    flags = scores >= np.array([thresholds[x] for x in _LABELS])
    # As with a bundle: hate is a part of abusive, and not flagged without it.
    without = ~np.isnan(scores[:, _ABUSIVE]) & ~flags[:, _ABUSIVE]
    flags[without, _HATE] = False
    return np.asarray(flags)


def _best(part: Scored, label: Label) -> float:
    truth, scores = part.truth(label), part.score(label)
    return float(max(_STEPS, key=lambda t: macro_f1(truth, _as_value(scores >= t))))


def _best_pair(part: Scored) -> tuple[float, float]:
    """Return the thresholds of abusive and hate that are best for three classes."""
    truth = part.truth(Label.ABUSIVE) + part.truth(Label.HATE)
    abusive, hate = part.score(Label.ABUSIVE), part.score(Label.HATE)

    def score(pair: tuple[float, float]) -> float:
        said = np.where(abusive < pair[0], 0.0, np.where(hate < pair[1], 1.0, 2.0))
        return macro_f1(truth, said)

    found = max(product(_COARSE, _COARSE), key=score)
    return float(found[0]), float(found[1])


def _as_value(flags: NDArray[np.bool_]) -> NDArray[np.float64]:
    return flags.astype(np.float64)
