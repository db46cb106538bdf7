"""Halves of tables: even, apart, and the same everywhere."""

from hypothesis import given
from hypothesis import strategies as st

from training.perturb.halves import Half, halve, halve_each

OPTIONS = st.sets(st.text(max_size=3), max_size=20)


@given(options=OPTIONS, table=st.text(max_size=5))
def test_each_option_is_in_one_half(options: set[str], table: str) -> None:
    """Nothing is lost, nothing is in both, and neither half is larger by two."""
    halves = halve(options, table)

    assert set(halves) == set(Half)
    assert sorted(halves[Half.A] + halves[Half.B]) == sorted(options)
    assert abs(len(halves[Half.A]) - len(halves[Half.B])) <= 1


@given(options=st.lists(st.text(max_size=3)))
def test_order_does_not_matter(options: list[str]) -> None:
    """A table that is sorted anew has the same halves."""
    assert halve(options, "x") == halve(options[::-1], "x")


def test_halves_are_fixed() -> None:
    """No process and no machine deals otherwise."""
    assert halve("abcdef", "letters") == {
        Half.A: ("a", "d", "e"),
        Half.B: ("f", "b", "c"),
    }


def test_tables_are_dealt_apart() -> None:
    """A lone option does not always fall to the same half."""
    table = {str(i): ["only"] for i in range(20)}

    owners = {bool(halves[Half.A]) for halves in halve_each(table, "x").values()}

    assert owners == {True, False}
