"""What stands beside a text is read as kinds or as quantities, and put into bins."""

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests.fixtures.planted import null_rows, pool_of, with_facets
from training.auditing.beside import (
    MISSING,
    Kind,
    binned,
    columns_beside,
    kinds,
    quantities,
)

numbers = st.floats(-100, 100, allow_nan=False) | st.sampled_from([0.0, 1.0])


def test_facets_are_kinds_or_quantities() -> None:
    """A facet of many numbers is a quantity, any other one is of kinds."""
    rows = with_facets(null_rows(n=40), "likes", lambda r: r.row_id.split(":")[1])
    rows = with_facets(rows, "topic", lambda r: "a" if r.labels else "")
    pool = pool_of(rows)

    found = {c.name: c.names for c in columns_beside(pool, pool.of("vihsd"))}

    assert found == {"likes": (), "topic": ("a",)}


def test_time_is_that_of_vietnam() -> None:
    """What is posted at eight in the evening of January in UTC is of February there."""
    late = datetime(2020, 1, 31, 20, tzinfo=UTC)
    pool = pool_of([replace(null_rows(n=1)[0], time=late)])

    found = {c.name: c.names for c in columns_beside(pool, pool.of("vihsd"))}

    assert found["month"] == ("2020-02",)
    assert found["hour"] == ("03",)


def test_missing_values_have_a_bin_of_their_own() -> None:
    """That a value is missing may tell something, so it is not put among the others."""
    for column in (
        kinds(Kind.FACET, "topic", ["a", "", "b"]),
        quantities(Kind.FACET, "likes", [3, np.nan, 9]),
    ):
        bins, names = binned(column, 2)

        assert names[bins[1]] == MISSING
        assert len(set(bins.tolist())) == 3


def test_common_value_has_a_bin_of_its_own() -> None:
    """Where nearly all are nought, one is not taken for nought."""
    column = quantities(Kind.STYLE, "links", [0] * 97 + [1, 2, 3])

    bins, _ = binned(column, 5)

    assert set(bins[:97].tolist()).isdisjoint(bins[97:].tolist())


@given(st.lists(numbers, min_size=1, max_size=60), st.integers(2, 20))
def test_bins_keep_the_order(values: list[float], n_bins: int) -> None:
    """A larger value is never in an earlier bin, and equal values share one."""
    bins, names = binned(quantities(Kind.STYLE, "x", values), n_bins)

    order = np.argsort(values, kind="stable")
    assert (np.diff(bins[order]) >= 0).all()
    for value in values:
        assert len(set(bins[np.array(values) == value].tolist())) == 1
    assert bins.max() < len(names)
