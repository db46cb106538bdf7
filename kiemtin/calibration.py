"""From logits to calibrated probabilities."""

import numpy as np
from numpy.typing import NDArray

from kiemtin.bundle import Manifest
from kiemtin.labels import Label


class CalibratedHead:
    """From the logits of a text's windows to calibrated probabilities."""

    def __init__(self, manifest: Manifest) -> None:
        self._max = np.array([manifest.pooling[x] == "max" for x in Label])
        self._slope = np.array([manifest.calibration[x].slope for x in Label])
        self._intercept = np.array([manifest.calibration[x].intercept for x in Label])

    def __call__(self, logits: NDArray[np.float32]) -> NDArray[np.float64]:
        """Return probabilities of shape (labels,) for logits (windows, labels)."""
        pooled = np.where(self._max, logits.max(axis=0), logits.mean(axis=0))
        # The logistic function in a form that no logit makes overflow.
        p = np.exp(-np.logaddexp(0, -(pooled * self._slope + self._intercept)))
        abusive, hate = (list(Label).index(x) for x in (Label.ABUSIVE, Label.HATE))
        p[hate] = min(p[hate], p[abusive])  # hate is a part of abusive
        return np.asarray(p, dtype=np.float64)
