"""How rows with each term lean to a label, beyond how long they are."""

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

PRIOR_ROWS = 50
"""How much the share of a term in all rows weighs against what is seen of it."""
_N_LENGTHS = 10

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False, slots=True)
class Leaning:
    """
    Figures of each term, of shape (terms,).

    Attributes:
        n: Rows with it.
        rate: Of those, the share with the label.
        without: Of all other rows.
        like_length: What the rate would be if only the number of words mattered.
        z: Of the log-odds of the term in rows with the label against the others, with
            an informative Dirichlet prior (Monroe, Colaresi and Quinn 2008, section
            3.3), of rows in place of words: a word that is repeated is one vote.
    """

    n: Floats
    rate: Floats
    without: Floats
    like_length: Floats
    z: Floats


def lean(
    counts: sp.csr_matrix, truth: NDArray[np.bool_], like_length: Floats
) -> Leaning:
    """
    Return how the terms lean.

    Args:
        counts: Which row has which term, 0 or 1.
        truth: Which rows have the label; some have and some have not.
        like_length: Of each row, as ``rates_by_length`` gives it.
    """
    n_rows, n_yes = len(truth), float(truth.sum())
    n = np.asarray(counts.sum(axis=0), dtype=np.float64).ravel()
    yes = counts.T @ truth.astype(np.float64)
    some = np.maximum(n, 1)
    return Leaning(
        n=n,
        rate=yes / some,
        without=(n_yes - yes) / np.maximum(n_rows - n, 1),
        like_length=counts.T @ like_length / some,
        z=_z(yes, n - yes, n_yes, n_rows - n_yes),
    )


def rates_by_length(n_words: NDArray[np.int64], truth: NDArray[np.bool_]) -> Floats:
    """Return for each row the rate of rows that have about as many words."""
    steps = np.linspace(0, 1, _N_LENGTHS + 1)[1:-1]
    bins = np.searchsorted(np.quantile(n_words, steps), n_words)
    yes = np.bincount(bins, weights=truth, minlength=_N_LENGTHS)
    n = np.bincount(bins, minlength=_N_LENGTHS)
    return np.asarray((yes / np.maximum(n, 1))[bins], dtype=np.float64)


def _z(yes: Floats, no: Floats, n_yes: float, n_no: float) -> Floats:
    # The floor is of a term that no row has; it leans to nothing.
    prior = np.maximum(PRIOR_ROWS * (yes + no) / (n_yes + n_no), 1e-9)
    rest = np.maximum(PRIOR_ROWS - prior, 1e-9)
    odds = np.log((yes + prior) / (n_yes - yes + rest))
    others = np.log((no + prior) / (n_no - no + rest))
    return np.asarray((odds - others) / np.sqrt(1 / (yes + prior) + 1 / (no + prior)))
