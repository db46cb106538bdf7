"""Curves are counted right, however many points are drawn of them."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from training.evaluation.curves import bins, curve, table


@settings(deadline=None)
@given(
    hnp.arrays(np.int64, 30, elements=st.integers(0, 1)),
    hnp.arrays(np.int64, 30, elements=st.integers(0, 20)),
)
def test_a_curve_counts_what_each_threshold_flags(
    truth: np.ndarray, steps: np.ndarray
) -> None:
    """Precision, recall and the flagged share are those of counting."""
    truth[0] = 1
    scores = steps / 20

    found = curve(truth, scores)

    for i, threshold in enumerate(found.thresholds):
        flags = scores >= threshold
        assert found.precision[i] == pytest.approx(truth[flags].mean())
        assert found.recall[i] == pytest.approx(truth[flags].sum() / truth.sum())
        assert found.flagged[i] == pytest.approx(flags.mean())
    assert found.recall[0] == 1


def test_a_long_curve_is_thinned_and_keeps_its_ends() -> None:
    """Of ten thousand scores no more points are drawn than can be seen."""
    scores = np.linspace(0, 1, 10_000)

    found = curve((scores > 0.5).astype(np.int64), scores)

    assert len(found.thresholds) < 500
    assert (found.thresholds[0], found.thresholds[-1]) == (0, 1)


def test_f1_of_nothing_is_nothing() -> None:
    """Where precision and recall are 0, so is F1, without a warning."""
    found = curve(np.array([1, 0]), np.array([0.1, 0.9]))

    assert found.f1[-1] == 0


def test_bins_are_of_equal_width() -> None:
    """Scores are told apart by tenths, empty tenths are left out, and 1 is in the last."""
    truth = np.array([0, 1, 1, 1])

    found = bins(truth, np.array([0.02, 0.08, 0.95, 1.0]))

    assert found.said == pytest.approx([0.05, 0.975])
    assert found.true == pytest.approx([0.5, 1])
    assert (found.low <= found.true).all()
    assert (found.true <= found.high).all()


def test_a_table_is_true_by_said() -> None:
    """Lines are what a row is, columns what it is taken for."""
    found = table(np.array([0, 0, 1, 2]), np.array([0.0, 2, 1, 2]), 3)

    assert found.tolist() == [[1, 0, 1], [0, 1, 0], [0, 0, 1]]
