"""Intervals of a share."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.calibrating.intervals import wilson


def test_wilson() -> None:
    """The interval is that of the literature (Newcombe 1998, table I: 81 of 263)."""
    assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=1e-4)


@given(n=st.integers(1, 10_000), part=st.floats(0, 1))
def test_interval_holds_the_share(n: int, part: float) -> None:
    """What was counted is in it, and it stays between 0 and 1."""
    hits = round(part * n)

    low, high = wilson(hits, n)

    assert 0 <= low <= hits / n + 1e-9
    assert hits / n - 1e-9 <= high <= 1


def test_nothing_is_known_without_rows() -> None:
    """Of no rows any share is possible; of few that have none, still many are."""
    assert wilson(0, 0) == (0, 1)
    assert wilson(0, 20)[1] > 0.1
