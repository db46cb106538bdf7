"""Calibration and thresholds, both chosen on the dev split."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from kiemtin.bundle import Calibration, Thresholds
from kiemtin.labels import Label
from training.metrics import macro_f1
from training.recipe import ThresholdSection

_GRID = np.unique(np.concatenate([np.linspace(0.02, 0.98, 97), [0.99]]))
_MIN_URGENT = 20


def fit_platt(logits: NDArray[np.float32], truth: NDArray[np.int64]) -> Calibration:
    """
    Return slope and intercept that make sigmoid(slope * x + intercept) a probability.

    Platt (1999), with targets that are smoothed as he proposes, so that a label
    that the dev split separates perfectly does not become certain.
    """
    positives, negatives = int(truth.sum()), int((1 - truth).sum())
    high, low = (positives + 1) / (positives + 2), 1 / (negatives + 2)
    targets = np.concatenate([np.ones_like(truth), np.zeros_like(truth)])
    p = np.where(truth == 1, high, low)
    model = LogisticRegression(C=1e6)
    model.fit(
        np.concatenate([logits, logits])[:, None],
        targets,
        sample_weight=np.concatenate([p, 1 - p]),
    )
    return Calibration(
        method="platt",
        slope=round(float(model.coef_[0, 0]), 6),
        intercept=round(float(model.intercept_[0]), 6),
    )


def choose_thresholds(
    truth: NDArray[np.int64],
    scores: NDArray[np.float64],
    corpora: Sequence[str],
    protected: NDArray[np.float64],
    section: ThresholdSection,
) -> Thresholds:
    """
    Return the thresholds of one label.

    Review: the one with the best mean macro-F1 over the corpora that carry the
    label, among those that flag at most the allowed share of protected speech.
    Urgent: the least above it whose precision on the dev split is as asked.

    Args:
        truth: 0 or 1 for each dev row that carries the label.
        scores: Its calibrated probability.
        corpora: Where it comes from.
        protected: Probabilities of the label on protected speech (dev half).
        section: What is asked.
    """
    names = sorted(set(corpora))
    of = np.array(corpora)
    allowed = [
        t
        for t in _GRID
        if not len(protected) or (protected >= t).mean() <= section.protected_flagged
    ] or [float(_GRID[-1])]
    review = max(
        allowed,
        key=lambda t: np.mean(
            [macro_f1(truth[of == c], (scores[of == c] >= t) * 1.0) for c in names]
        ),
    )
    urgent = next(
        (
            t
            for t in _GRID
            if t > review
            and (scores >= t).sum() >= _MIN_URGENT
            and truth[scores >= t].mean() >= section.urgent_precision
        ),
        max(0.99, float(review)),
    )
    return Thresholds(
        review=round(float(review), 3), review_urgent=round(float(urgent), 3)
    )


def label_index(label: Label) -> int:
    """Return the column of *label*."""
    return list(Label).index(label)
