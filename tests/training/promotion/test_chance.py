"""Chance is given its due, and no more."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from training.promotion.chance import clearly_worse, sign_test

P_VALUES = st.dictionaries(st.text("abcdefgh", min_size=1), st.floats(0, 1), max_size=9)


@given(st.integers(0, 40), st.integers(0, 40))
def test_sign_test_is_the_binomial_one(lost: int, won: int) -> None:
    """Losses against wins are a coin that is thrown so often."""
    wanted = binomtest(lost, lost + won, 0.5, "greater").pvalue if lost + won else 1.0

    assert sign_test(lost, won) == pytest.approx(wanted)


def test_more_looks_need_more() -> None:
    """What is clear alone is not clear among many."""
    assert clearly_worse({"a": 0.02}, 0.05) == {"a"}
    assert clearly_worse({"a": 0.02, "b": 0.9, "c": 0.5}, 0.05) == set()
    assert clearly_worse({"a": 0.01, "b": 0.02, "c": 0.9}, 0.05) == {"a", "b"}


@given(P_VALUES)
def test_blame_goes_by_likelihood(p_values: Mapping[str, float]) -> None:
    """Nobody is blamed before a likelier one, and nobody above the level itself."""
    worse = clearly_worse(p_values, 0.05)

    spared = [p for name, p in p_values.items() if name not in worse]
    assert max((p_values[n] for n in worse), default=0) <= min([0.05, *spared])


@given(P_VALUES, st.floats(0, 0.5), st.floats(0, 0.5))
def test_a_lower_level_blames_fewer(
    p_values: Mapping[str, float], one: float, other: float
) -> None:
    """Who is blamed at a level is blamed at every higher one."""
    low, high = sorted((one, other))

    assert clearly_worse(p_values, low) <= clearly_worse(p_values, high)
