"""The order of cases: what it is made of, and that time does not change it."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from serving.review.policy import ReviewPolicy
from serving.review.priority import Priority

TERMS = ReviewPolicy.read().priority
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)

PRIORITIES = st.builds(
    lambda p, severity, n, hours: Priority.of(
        p, severity, n, NOW + timedelta(hours=hours), TERMS
    ),
    st.floats(0.01, 1),
    st.sampled_from([1.0, 2.0, 3.0]),
    st.integers(1, 10_000),
    st.floats(-100, 100),
)


@given(PRIORITIES, PRIORITIES, st.floats(0, 500))
def test_rank_is_the_order_at_any_time(a: Priority, b: Priority, hours: float) -> None:
    """Who comes first by rank comes first by the explained product, now and later."""
    later = NOW + timedelta(hours=hours)

    if a.rank > b.rank + 1e-6:
        assert a.value(later) > b.value(later)


def test_age_is_one_at_the_deadline() -> None:
    """Before it a case counts less; it doubles each time the policy says."""
    case = Priority.of(0.5, 2, 1, NOW, TERMS)
    step = timedelta(hours=TERMS.age_doubles_h)

    assert case.age(NOW) == 1
    assert case.age(NOW + step) == 2
    assert case.age(NOW - step) == 0.5
    assert case.value(NOW) == 0.5 * 2


@pytest.mark.parametrize(("n_posts", "spread"), [(0, 1), (1, 1), (4, 3), (10**9, 8)])
def test_spread_grows_slowly_and_ends(n_posts: int, spread: float) -> None:
    """A hundred copies do not bury everything else."""
    assert Priority.of(1, 1, n_posts, NOW, TERMS).spread == spread


def test_a_score_of_nothing_has_a_rank() -> None:
    """What users reported though no label is likely stands last, not nowhere."""
    nothing = Priority.of(0.0, 1, 1, NOW, TERMS)
    little = Priority.of(0.01, 1, 1, NOW, TERMS)

    assert nothing.rank < little.rank
