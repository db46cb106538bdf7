"""Calibrated scores are probabilities."""

import numpy as np

from training.calibrate import fit_platt
from training.metrics import expected_calibration_error


def test_platt_repairs_overconfidence() -> None:
    """Logits that are three times too large become honest probabilities."""
    rng = np.random.default_rng(0)
    logits = rng.normal(0, 2, 5000)
    truth = (rng.random(5000) < 1 / (1 + np.exp(-logits))).astype(np.int64)
    loud = (3 * logits).astype(np.float32)

    c = fit_platt(loud, truth)

    before = expected_calibration_error(truth, 1 / (1 + np.exp(-loud)))
    after = expected_calibration_error(
        truth, 1 / (1 + np.exp(-(c.slope * loud + c.intercept)))
    )
    assert after < 0.03 < before
