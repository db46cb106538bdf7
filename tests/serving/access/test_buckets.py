"""The laws of the bucket that counts items."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from serving.access.buckets import Bucket

S = 1_000_000_000
WINDOW_S = 60

limits = st.integers(1, 1_000)
wishes = st.lists(
    st.tuples(st.integers(0, 20 * S), st.integers(0, 300)), min_size=1, max_size=40
)
"""Nanoseconds since the wish before, and how many items."""


@given(limits, wishes)
def test_no_stretch_of_time_has_too_many(
    limit: int, given_wishes: list[tuple[int, int]]
) -> None:
    """However it is asked, a stretch grants its limit and what comes meanwhile."""
    bucket, now, granted = Bucket(limit, WINDOW_S), 0, []
    for gap, n in given_wishes:
        now += gap
        if n <= limit and not bucket.take(n, now).wait_ns:
            granted.append((now, n))

    for i, (start, _) in enumerate(granted):
        for j in range(i, len(granted)):
            allowed = limit + Fraction(limit * (granted[j][0] - start), WINDOW_S * S)
            assert sum(n for _, n in granted[i : j + 1]) <= allowed


@given(limits, wishes)
def test_it_is_exact(limit: int, given_wishes: list[tuple[int, int]]) -> None:
    """A bucket of fractions, which never rounds, grants and refuses the same."""
    bucket, now, level = Bucket(limit, WINDOW_S), 0, Fraction(0)
    for gap, n in given_wishes:
        now += gap
        level = max(Fraction(0), level - Fraction(limit * gap, WINDOW_S * S))
        fits = level + n <= limit
        level += n if fits else 0

        standing = bucket.take(n, now)

        assert (standing.wait_ns == 0) == fits
        assert standing.left == int(limit - level)


@given(limits, wishes, st.data())
def test_waiting_is_enough_and_needed(
    limit: int, given_wishes: list[tuple[int, int]], data: st.DataObject
) -> None:
    """A wish is granted after the time that was told, and not a nanosecond before."""
    bucket, now = Bucket(limit, WINDOW_S), 0
    for gap, n in given_wishes:
        now += gap
        bucket.take(min(n, limit), now)
    n = data.draw(st.integers(1, limit))
    wait_ns = bucket.take(n, now).wait_ns
    if not wait_ns:
        return

    assert bucket.take(n, now + wait_ns - 1).wait_ns == 1
    assert bucket.take(n, now + wait_ns).wait_ns == 0


@given(limits, st.integers(0, 1_000))
def test_what_is_left_can_be_had(limit: int, taken: int) -> None:
    """All that is said to be left is granted, and not one more."""
    bucket = Bucket(limit, WINDOW_S)
    left = bucket.take(min(taken, limit), 0).left

    assert left == limit - min(taken, limit)
    assert bucket.take(left + 1, 0).wait_ns > 0
    assert bucket.take(left, 0).wait_ns == 0


@given(limits, st.integers(1, 1_000))
def test_it_is_whole_again_when_it_said(limit: int, taken: int) -> None:
    """After the time that was told, the whole limit can be had at once."""
    bucket = Bucket(limit, WINDOW_S)
    whole_ns = bucket.take(min(taken, limit), 0).whole_ns

    assert 0 < whole_ns <= WINDOW_S * S
    assert bucket.take(limit, whole_ns).wait_ns == 0


@given(st.integers(0, 100 * S))
def test_a_clock_that_goes_back_gives_nothing(back: int) -> None:
    """Time that was counted is not counted again."""
    bucket, now = Bucket(10, WINDOW_S), 100 * S
    bucket.take(10, now)

    bucket.take(0, now - back)

    assert bucket.take(0, now).left == 0


@given(limits, st.integers(1, 1_000), st.integers(0, 100 * S))
def test_what_is_given_back_was_not_taken(limit: int, taken: int, after: int) -> None:
    """Right away all is as before; later no more is there than the limit."""
    n = min(taken, limit)
    bucket, other = Bucket(limit, WINDOW_S), Bucket(limit, WINDOW_S)
    for x in (bucket, other):
        x.take(limit - n, 0)
    bucket.take(n, 0)

    at_once = bucket.give_back(n, 0)
    later = bucket.give_back(n, after)

    assert at_once == other.take(0, 0)
    assert later.left <= limit
