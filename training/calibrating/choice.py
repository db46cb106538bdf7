"""Which calibration a label gets: the simplest that is not clearly beaten."""

import numpy as np
from numpy.typing import NDArray
from sklearn.model_selection import StratifiedKFold

from kiemtin.calibration import calibrate
from kiemtin.manifest import Calibration, Platt
from training.calibrating.methods import METHODS, fit_platt
from training.recipes.outcome import CalibrationSection, Method

FEW = 50
"""With fewer rows that carry the label, or that do not, nothing is compared."""
_LEAST = 1e-6
"""A probability nearer to 0 or 1 than this does not lose more."""


def choose_calibration(
    logits: NDArray[np.floating], truth: NDArray[np.int64], section: CalibrationSection
) -> tuple[Calibration, dict[str, float]]:
    """
    Return the calibration of a label, and the held-out log loss of each method.

    Methods are tried from the simplest to the most flexible, by log loss on folds that
    they were not fitted on. A more flexible one is taken only if it is better by more
    than the standard error of the difference (the rule of one standard error, Breiman
    et al. 1984). With few rows Platt's is taken, without rows none changes anything;
    then nothing was compared, and no losses come back.

    Args:
        logits: Pooled logits of the rows that carry an answer, of shape (rows,).
        truth: 0 or 1, of the same shape.
        section: Which methods compete, over how many folds.
    """
    x = logits.astype(np.float64)
    if not len(x):
        return Platt(slope=1, intercept=0), {}
    rarer = min(int(truth.sum()), int((1 - truth).sum()))
    if rarer < max(FEW, section.folds):
        return fit_platt(x, truth), {}
    methods = [m for m in METHODS if m in section.methods]
    losses = {m: _held_out_losses(m, x, truth, section.folds) for m in methods}
    chosen = methods[0]
    for method in methods[1:]:
        gain = losses[chosen] - losses[method]
        if gain.mean() > gain.std() / np.sqrt(len(gain)):
            chosen = method
    means = {str(m): round(float(v.mean()), 6) for m, v in losses.items()}
    return METHODS[chosen](x, truth), means


def _held_out_losses(
    method: Method, logits: NDArray[np.float64], truth: NDArray[np.int64], folds: int
) -> NDArray[np.float64]:
    """Return the log loss of each row, by a fit that has not seen it."""
    p = np.zeros(len(truth))
    parts = StratifiedKFold(folds, shuffle=True, random_state=0)
    for seen, held_out in parts.split(logits[:, None], truth):
        fitted = METHODS[method](logits[seen], truth[seen])
        p[held_out] = calibrate(fitted, logits[held_out])
    p = np.clip(p, _LEAST, 1 - _LEAST)
    return np.asarray(-np.log(np.where(truth == 1, p, 1 - p)))
