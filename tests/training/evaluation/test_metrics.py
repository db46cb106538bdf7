"""Figures are right on cases that can be counted by hand."""

import numpy as np
import pytest

from training.evaluation.metrics import (
    auc,
    brier,
    expected_calibration_error,
    macro_f1,
    measure,
    positive_f1,
)

TRUTH = np.array([0, 0, 1, 1])


def test_auc_counts_pairs_in_order() -> None:
    """Three of four pairs in order are 0.75."""
    assert auc(TRUTH, np.array([0.1, 0.6, 0.5, 0.9])) == 0.75


def test_f1_of_a_missed_class_is_zero() -> None:
    """Calling everything clean scores nothing on the rare class."""
    predicted = np.zeros(4)

    assert positive_f1(TRUTH, predicted) == 0
    assert macro_f1(TRUTH, predicted) == pytest.approx(1 / 3)


def test_brier_of_certainty_is_zero() -> None:
    """Right and certain costs nothing."""
    assert brier(TRUTH, TRUTH.astype(np.float64)) == 0


def test_ece_sees_overconfidence() -> None:
    """Saying 0.9 where half are positive is off by 0.4."""
    truth = np.array([0, 1] * 50)

    ece = expected_calibration_error(truth, np.full(100, 0.9), n_bins=1)

    assert ece == pytest.approx(0.4)


def test_interval_holds_the_figure_and_narrows() -> None:
    """Sixteen times the rows give an interval about a quarter as wide."""
    rng = np.random.default_rng(0)
    truth = rng.integers(0, 2, 6400)
    scores = truth * 0.3 + rng.random(6400)

    few = measure(auc, truth[:400], scores[:400])
    many = measure(auc, truth, scores)

    assert few.low < few.value < few.high
    assert (many.high - many.low) < 0.5 * (few.high - few.low)
    assert (few.rows, many.rows) == (400, 6400)
