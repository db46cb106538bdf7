"""Alpha and shares: as those who thought of them work them out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from serving.review.counting import Alpha, Proportion


def test_alpha_of_two_values() -> None:
    """Meg and Owen in section A of Krippendorff's "Computing alpha" (2011)."""
    pairs = list(zip("0100000010", "1110010000", strict=True))

    alpha = Alpha.of(pairs)

    assert alpha.n_pairs == 10
    assert alpha.value == pytest.approx(0.095, abs=0.0005)


def test_alpha_of_five_values() -> None:
    """Ben and Gerry in section B of the same paper."""
    pairs = list(zip("aabbdcccedda", "babbbccceddd", strict=True))

    assert Alpha.of(pairs).value == pytest.approx(0.692, abs=0.0005)


@pytest.mark.parametrize("pairs", [[], [("a", "b")], [("a", "a")] * 20])
def test_alpha_of_too_little(pairs: list[tuple[str, str]]) -> None:
    """Where nothing varies, or next to nothing was compared, there is no alpha."""
    assert Alpha.of(pairs) == Alpha(len(pairs), None)


PAIRS = st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("abc")), min_size=2)


@given(PAIRS)
def test_alpha_knows_no_first(pairs: list[tuple[str, str]]) -> None:
    """Who of two answered first makes no difference, and nobody agrees beyond 1."""
    turned = [(b, a) for a, b in pairs]
    one, other = Alpha.of(pairs).value, Alpha.of(turned).value

    assert one == pytest.approx(other)
    assert one is None or one <= 1


def test_an_interval() -> None:
    """The interval of 81 of 263, as in Newcombe (1998), table I, method 3."""
    low, high = Proportion(263, 81).interval or (0, 0)

    assert (round(low, 4), round(high, 4)) == (0.2553, 0.3662)


@given(st.integers(1, 500), st.data())
def test_an_interval_holds_its_share(n: int, data: st.DataObject) -> None:
    """It is never outside of 0 to 1, and the share is in it."""
    found = Proportion(n, data.draw(st.integers(0, n)))

    low, high = found.interval or (1, 0)
    assert 0 <= low <= (found.share or 0) <= high <= 1


def test_the_share_of_nothing() -> None:
    """Nothing has no share, and no interval."""
    assert Proportion.of([]).share is None
    assert Proportion.of([]).interval is None
