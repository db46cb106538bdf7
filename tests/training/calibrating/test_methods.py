"""Calibrated scores are probabilities, and order is never lost."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.linear_model import LogisticRegression

from kiemtin.calibration import calibrate
from training.calibrating.methods import METHODS, fit_isotonic, fit_platt
from training.evaluation.metrics import auc, expected_calibration_error
from training.recipes.outcome import Method

every_method = pytest.mark.parametrize("method", METHODS)


def _drawn(n: int, *, loud: float = 1) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    logits = rng.normal(-1, 2, n)
    truth = (rng.random(n) < 1 / (1 + np.exp(-logits))).astype(np.int64)
    return loud * logits, truth


@every_method
def test_overconfidence_is_repaired(method: Method) -> None:
    """Logits that are three times too large become honest probabilities."""
    loud, truth = _drawn(5000, loud=3)

    p = calibrate(METHODS[method](loud, truth), loud)

    before = expected_calibration_error(truth, 1 / (1 + np.exp(-loud)))
    assert expected_calibration_error(truth, p) < 0.03 < before


@every_method
@given(
    rows=st.lists(
        st.tuples(st.floats(-40, 40, width=32), st.integers(0, 1)),
        min_size=1,
        max_size=40,
    )
)
def test_any_rows_give_a_calibration(
    method: Method, rows: list[tuple[float, int]]
) -> None:
    """Few rows, of one class or another: probabilities rise and are never certain."""
    logits, truth = (np.array(x) for x in zip(*rows, strict=True))
    seen = np.sort(logits.astype(np.float64))

    p = calibrate(METHODS[method](seen, truth.astype(np.int64)), seen)

    assert ((p > 0) & (p < 1)).all()
    assert (np.diff(p) >= 0).all()


@every_method
def test_ranking_is_kept(method: Method) -> None:
    """The AUC after calibration is the one before, but for what ties change."""
    logits, truth = _drawn(3000)

    p = calibrate(METHODS[method](logits, truth), logits)

    ties = 1 - len(np.unique(p)) / len(p)
    assert auc(truth, p) == pytest.approx(auc(truth, logits), abs=1e-9 + 0.01 * ties)


def test_a_network_that_ranks_backwards_is_not_turned_around() -> None:
    """What is scored lower stays lower: a bad network does not look like a good one."""
    logits, truth = _drawn(1000)

    for fit in METHODS.values():
        p = calibrate(fit(-logits, truth), np.array([-3.0, 3.0]))
        assert p[0] <= p[1]


def test_platt_is_logistic_regression() -> None:
    """The fit is the one of a library that many use, on the smoothed targets."""
    logits, truth = _drawn(4000, loud=2)
    high, low = (
        (truth.sum() + 1) / (truth.sum() + 2),
        1 / (len(truth) - truth.sum() + 2),
    )
    targets = np.where(truth == 1, high, low)
    reference = LogisticRegression(C=1e9, tol=1e-8)
    reference.fit(
        np.r_[logits, logits][:, None],
        np.r_[np.ones_like(truth), np.zeros_like(truth)],
        sample_weight=np.r_[targets, 1 - targets],
    )

    fitted = fit_platt(logits, truth)

    assert fitted.slope == pytest.approx(reference.coef_[0, 0], abs=1e-3)
    assert fitted.intercept == pytest.approx(reference.intercept_[0], abs=1e-3)


def test_isotonic_has_few_knots() -> None:
    """A curve of many rows stays small enough for a manifest that people read."""
    rng = np.random.default_rng(0)
    logits = np.sort(rng.normal(0, 3, 20_000))
    truth = (rng.random(20_000) < 1 / (1 + np.exp(-logits))).astype(np.int64)

    curve = fit_isotonic(logits, truth)

    assert len(curve.logits) <= 60
    assert curve.probabilities[0] >= 0.5 / 20_000
    assert curve.probabilities[-1] <= 1 - 0.5 / 20_000
    np.testing.assert_allclose(
        calibrate(curve, np.array([-2.0, 0.0, 2.0])), [0.119, 0.5, 0.881], atol=0.04
    )
