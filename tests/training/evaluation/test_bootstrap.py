"""Draws say how sure a figure is."""

import numpy as np
import pytest

from training.evaluation.bootstrap import draw_weights, interval, p_value


def test_draws_are_of_as_many_rows() -> None:
    """Each draw has as many rows as there are, the same ones whenever it is asked."""
    weights = draw_weights(50, 10, 7)

    assert (weights.sum(axis=1) == 50).all()
    assert (weights == draw_weights(50, 10, 7)).all()
    assert (weights != draw_weights(50, 10, 8)).any()


def test_draws_cannot_be_changed() -> None:
    """They are shared by figures, so that nobody may write into them."""
    with pytest.raises(ValueError, match="read-only"):
        draw_weights(5, 2, 0)[0, 0] = 3


def test_interval_leaves_a_fortieth_on_each_side() -> None:
    """Of a thousand draws 25 are below and 25 above."""
    low, high = interval(np.arange(1001.0))

    assert (low, high) == (25, 975)


@pytest.mark.parametrize(
    ("differences", "expected"),
    [
        (np.zeros(99), 1.0),
        (np.ones(99), 0.02),
        (-np.ones(99), 0.02),
        (np.array([-1.0] * 50 + [1.0] * 49), 1.0),
    ],
)
def test_p_is_of_both_sides(differences: np.ndarray, expected: float) -> None:
    """It is never 0, for draws that are all on one side, and at most 1."""
    assert p_value(differences) == pytest.approx(expected)
