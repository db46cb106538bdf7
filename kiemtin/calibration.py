"""From logits, of the network and of the wide part, to calibrated probabilities."""

from collections.abc import Sequence
from typing import assert_never

import numpy as np
from numpy.typing import NDArray

from kiemtin.labels import Label
from kiemtin.manifest import (
    Beta,
    Calibration,
    Isotonic,
    Manifest,
    Mixing,
    Platt,
    Temperature,
)

Floats = NDArray[np.float64]

_ALONE = Mixing(network=1, wide=0)


class CalibratedHead:
    """From the logits of a text's windows to calibrated probabilities."""

    def __init__(self, manifest: Manifest) -> None:
        self._max = np.array([manifest.pooling[x] == "max" for x in Label])
        self._smooth = [
            (i, manifest.sharpness[x])
            for i, x in enumerate(Label)
            if manifest.pooling[x] == "smooth"
        ]
        self._calibration = [manifest.calibration[x] for x in Label]
        mixing = manifest.wide.mixing if manifest.wide else {}
        self.mixing = [mixing.get(x, _ALONE) for x in Label]

    def __call__(
        self, logits: NDArray[np.float32], wide: Floats | None = None
    ) -> Floats:
        """
        Return probabilities of shape (labels,).

        Args:
            logits: Of the network, of shape (windows, labels).
            wide: Of the wide part, of shape (labels,), if the bundle has one.
        """
        pooled = self._pool(logits.astype(np.float64))
        if wide is not None:
            pooled = mix(self.mixing, pooled, wide)
        p = np.array(
            [calibrate(c, x) for c, x in zip(self._calibration, pooled, strict=True)]
        )
        abusive, hate = (list(Label).index(x) for x in (Label.ABUSIVE, Label.HATE))
        p[hate] = min(p[hate], p[abusive])  # hate is a part of abusive
        return p

    def _pool(self, logits: Floats) -> Floats:
        pooled: Floats = np.where(self._max, logits.max(axis=0), logits.mean(axis=0))
        for column, sharpness in self._smooth:
            pooled[column] = smooth_maximum(logits[:, column], sharpness)
        return pooled


def mix(mixing: Sequence[Mixing], network: Floats, wide: Floats) -> Floats:
    """Return the logits, (…, labels), that *network* and *wide* come to together."""
    mixed: Floats = network * [x.network for x in mixing] + wide * [
        x.wide for x in mixing
    ]
    return mixed


def smooth_maximum(logits: Floats, sharpness: float) -> float:
    """
    Return ln(mean(exp(s * x))) / s of the windows' logits x.

    It is between their mean, which it nears as the sharpness s does 0, and the largest,
    which it nears as s grows; of one window it is the logit itself.
    """
    highest = logits.max()
    return float(
        highest + np.log(np.mean(np.exp(sharpness * (logits - highest)))) / sharpness
    )


def calibrate(calibration: Calibration, logits: Floats) -> Floats:
    """Return the probabilities of *logits*, of the same shape."""
    match calibration:
        case Temperature(temperature=t):
            return _logistic(logits / t)
        case Platt(slope=slope, intercept=intercept):
            return _logistic(slope * logits + intercept)
        case Beta(a=a, b=b, c=c):
            # ln(p) and ln(1 - p) of p = sigmoid(x), which itself would round to 0 or 1.
            return _logistic(
                b * np.logaddexp(0, logits) - a * np.logaddexp(0, -logits) + c
            )
        case Isotonic(logits=knots, probabilities=probabilities):
            return np.asarray(np.interp(logits, knots, probabilities))
        case _:
            assert_never(calibration)


def _logistic(x: Floats) -> Floats:
    # In a form that no logit makes overflow.
    return np.asarray(np.exp(-np.logaddexp(0, -x)))
