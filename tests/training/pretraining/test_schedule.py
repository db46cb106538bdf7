"""The learning rate rises, stays, and falls to zero, whenever it is told to."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.pretraining.schedule import Schedule


@given(st.integers(2, 2000), st.integers(0, 100), st.floats(0.01, 0.9))
def test_rate_is_a_part_of_one(n_steps: int, warmup: int, decay: float) -> None:
    """The rate of no step is zero or above one; it never rises after the warm-up."""
    schedule = Schedule.of(n_steps, warmup_steps=warmup, decay=decay)

    rates = [schedule.rate(s) for s in range(n_steps)]

    assert all(0 < r <= 1 for r in rates)
    after = rates[warmup:]
    assert after == sorted(after, reverse=True)


def test_shape() -> None:
    """A tenth rises, then it is constant, and the last tenth falls to nearly nothing."""
    schedule = Schedule.of(100, warmup_steps=10, decay=0.1)

    assert schedule.rate(0) == pytest.approx(0.1)
    assert {schedule.rate(s) for s in range(9, 90)} == {1.0}
    assert schedule.rate(99) == pytest.approx(1 / 11)
    assert schedule.rate(100) == 0


@given(st.integers(1, 899))
def test_it_can_end_at_any_time(step: int) -> None:
    """Told to finish, it takes a tenth of all its steps to fall from where it is."""
    schedule = Schedule.of(1000, warmup_steps=10, decay=0.1)

    schedule.finish(step)

    assert schedule.decay_from == step
    assert schedule.last - step == pytest.approx(0.1 * schedule.last, abs=1)
    assert schedule.rate(schedule.last) == 0


@given(st.integers(900, 1000), st.integers(1, 899))
def test_it_ends_once(late: int, early: int) -> None:
    """A decay that has begun is not begun again, and never put off."""
    schedule = Schedule.of(1000, warmup_steps=10, decay=0.1)
    schedule.finish(late)
    assert schedule.last == 1000

    schedule.finish(early)
    last = schedule.last
    schedule.finish(last)

    assert schedule.last == last <= 1000
