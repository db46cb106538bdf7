"""How rows with a term lean is told from how long rows lean."""

import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from training.auditing.leaning import lean, rates_by_length

tables = arrays(np.bool_, st.tuples(st.integers(4, 30), st.integers(1, 6)))


def test_rates_are_of_rows_with_and_without() -> None:
    """Of four rows with a term three have the label, of six others one has."""
    has = np.array([[1]] * 4 + [[0]] * 6, dtype=np.float32)
    truth = np.array([True, True, True, False, True, *[False] * 5])

    leaning = lean(sp.csr_matrix(has), truth, np.full(10, 0.4))

    assert (leaning.n[0], leaning.rate[0]) == (4, 0.75)
    assert leaning.without[0] == 1 / 6
    assert leaning.z[0] > 0


def test_long_rows_lean_of_themselves() -> None:
    """A term of long rows, of which more have the label, is expected to lean."""
    n_words = np.where(np.arange(40) < 20, 30, 5)
    truth = np.arange(40) < 15
    has = sp.csr_matrix((n_words > 20).astype(np.float32).reshape(-1, 1))

    leaning = lean(has, truth, rates_by_length(n_words, truth))

    assert leaning.rate[0] == leaning.like_length[0] == 0.75


def test_rows_of_one_length_have_one_rate() -> None:
    """Where all rows are as long, length explains nothing."""
    truth = np.arange(40) < 10

    assert set(rates_by_length(np.full(40, 7), truth).tolist()) == {0.25}


def test_term_of_no_row_leans_to_nothing() -> None:
    """Terms of other corpora stand in the table and are nought, not an error."""
    leaning = lean(
        sp.csr_matrix((5, 1)),
        np.array([True, False, False, True, False]),
        np.full(5, 0.4),
    )

    assert leaning.n[0] == 0
    assert leaning.z[0] == pytest.approx(0, abs=1e-3)


@given(tables, st.data())
def test_who_asks_the_opposite_hears_the_opposite(
    table: np.ndarray, data: st.DataObject
) -> None:
    """Swap the label and every z turns round, and every rate is its complement."""
    n = len(table)
    truth = data.draw(arrays(np.bool_, n).filter(lambda t: t.any() and not t.all()))
    counts = sp.csr_matrix(table.astype(np.float32))

    level = np.full(n, 0.5)
    one, other = lean(counts, truth, level), lean(counts, ~truth, level)

    assert np.allclose(one.z, -other.z, atol=1e-6)
    seen = one.n > 0
    assert np.allclose(one.rate[seen], 1 - other.rate[seen])
