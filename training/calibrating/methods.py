"""Calibration, fitted on the dev split."""

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from kiemtin.bundle import Calibration


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
