"""The calibration that a label gets is the simplest that is not clearly beaten."""

import numpy as np
import pytest
from numpy.typing import NDArray

from kiemtin.calibration import calibrate
from kiemtin.manifest import Platt
from training.calibrating.choice import choose_calibration
from training.recipes.outcome import CalibrationSection

SECTION = CalibrationSection()
Curve = tuple[NDArray[np.float64], NDArray[np.int64]]


def _drawn(chance: NDArray[np.float64], logits: NDArray[np.float64]) -> Curve:
    rng = np.random.default_rng(1)
    return logits, (rng.random(len(logits)) < chance).astype(np.int64)


LOGITS = np.random.default_rng(0).normal(0, 2, 4000)


def _sigmoid(x: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(1 / (1 + np.exp(-x)))


@pytest.mark.parametrize(
    ("chance", "method"),
    [
        (_sigmoid(LOGITS / 2), "temperature"),
        (_sigmoid(LOGITS - 2), "platt"),
        (np.where(LOGITS > 1, 0.9, np.where(LOGITS > -1, 0.5, 0.05)), "isotonic"),
    ],
    ids=["scaled", "shifted", "steps"],
)
def test_what_the_rows_need_is_taken(chance: NDArray[np.float64], method: str) -> None:
    """A scale needs one figure, a shift two, and steps a free curve."""
    calibration, losses = choose_calibration(*_drawn(chance, LOGITS), SECTION)

    assert calibration.method == method
    assert set(losses) == {"temperature", "platt", "beta", "isotonic"}
    assert all(0 < x < 1 for x in losses.values())


def test_only_the_named_methods_compete() -> None:
    """A recipe that names one method gets it."""
    section = CalibrationSection(methods=("beta",))

    calibration, losses = choose_calibration(*_drawn(_sigmoid(LOGITS), LOGITS), section)

    assert calibration.method == "beta"
    assert list(losses) == ["beta"]


def test_few_rows_compare_nothing() -> None:
    """With fifteen positives Platt's two figures are fitted, and no losses are told."""
    truth = np.array([1] * 15 + [0] * 400)
    logits = truth * 2.0 - 1

    calibration, losses = choose_calibration(logits, truth, SECTION)

    assert calibration.method == "platt"
    assert losses == {}
    low, high = calibrate(calibration, np.array([-1.0, 1.0]))
    assert low < 0.05
    assert 0.8 < high < 1


def test_no_rows_change_nothing() -> None:
    """A label of which no dev row says anything keeps its logits as they are."""
    nothing = np.zeros(0)

    calibration, losses = choose_calibration(nothing, nothing.astype(int), SECTION)

    assert calibration == Platt(slope=1, intercept=0)
    assert losses == {}


def test_the_choice_is_the_same_each_time() -> None:
    """Folds are drawn by a fixed seed."""
    rows = _drawn(_sigmoid(LOGITS / 2), LOGITS)

    assert choose_calibration(*rows, SECTION) == choose_calibration(*rows, SECTION)
