"""Terms that are said together, as families, found from the texts alone."""

from collections.abc import Iterator, Sequence

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from sklearn.cluster import AgglomerativeClustering
from sklearn.decomposition import TruncatedSVD
from sklearn.preprocessing import normalize as to_length_one

from training.auditing.pool import Ints, Section
from training.auditing.questions import Rate, rate_of

MIN_TERMS = 4
"""Of a family: three words may come together by chance."""
MAX_DISTANCE = 0.75
"""Between families, as a mean of cosines; chosen by eye on the published corpora."""

_N_CONTEXTS = 5_000
"""The most common terms, by which terms are compared."""
_N_DIMENSIONS = 100
_N_ITERATIONS = 3
_SMOOTHING = 0.75
"""Of how common a context is (Levy, Goldberg and Dagan 2015): rare ones say less."""


class Family(Section):
    """
    Terms that are said together and are no abuse, though their rows have the label.

    Attributes:
        terms: Those that carry the label most first.
        rate: Of rows with any of them.
        without: Of rows with none.
        like_length: What the rate would be if only the number of words mattered.
        highlighted: The share of places that annotators marked, as a mean over the
            terms of which it is known.
    """

    terms: tuple[str, ...]
    rate: Rate
    without: Rate
    like_length: float
    highlighted: float | None

    @property
    def gap(self) -> float:
        """How far its rows are from the others."""
        return self.rate.rate - self.without.rate


class Space:
    """
    Where each term stands among others: near those that stand beside the same words.

    Vectors are singular vectors of positive pointwise mutual information within rows,
    in which a long row counts no more than a short one.
    """

    def __init__(self, counts: sp.csr_matrix, *, seed: int) -> None:
        """Learn it from *counts*: which row of all corpora has which term, 0 or 1."""
        common = np.asarray(counts.sum(axis=0)).ravel()
        n_terms = np.asarray(counts.sum(axis=1)).ravel()
        self._counts = counts
        self._contexts = np.argsort(-common, kind="stable")[:_N_CONTEXTS]
        self._weighted = sp.csr_matrix(
            sp.diags_array(1 / np.maximum(n_terms, 1)) @ counts[:, self._contexts]
        )
        together = self._together(self._contexts)
        self._of_context = np.asarray(together.sum(axis=0)).ravel() ** _SMOOTHING
        n = min(_N_DIMENSIONS, len(self._contexts) - 1)
        self._svd = TruncatedSVD(n, n_iter=_N_ITERATIONS, random_state=seed)
        self._svd.fit(self._pointwise(together))

    def vectors(self, terms: Sequence[int]) -> NDArray[np.float64]:
        """Return a vector of length one for each of *terms*, columns of the counts."""
        scores = self._pointwise(self._together(np.array(terms, dtype=np.int64)))
        found = self._svd.transform(scores) / np.sqrt(self._svd.singular_values_ + 1e-9)
        return np.asarray(to_length_one(found), dtype=np.float64)

    def _together(self, terms: Ints) -> sp.coo_matrix:
        together = sp.coo_matrix(self._counts[:, terms].T @ self._weighted)
        # That a term stands beside itself says nothing of others.
        together.data[terms[together.row] == self._contexts[together.col]] = 0
        return together

    def _pointwise(self, together: sp.coo_matrix) -> sp.csr_matrix:
        of_term = np.asarray(together.sum(axis=1)).ravel()
        shares = self._of_context / self._of_context.sum()
        expected = of_term[together.row] * shares[together.col]
        ratio = together.data / np.maximum(expected, 1e-12)
        keep = ratio > 1
        return sp.csr_matrix(
            (np.log(ratio[keep]), (together.row[keep], together.col[keep])),
            shape=together.shape,
        )


def group(vectors: NDArray[np.float64]) -> Iterator[list[int]]:
    """Yield the positions of *vectors* that are near one another, as families."""
    if len(vectors) < MIN_TERMS:
        return
    found = AgglomerativeClustering(
        n_clusters=None,
        distance_threshold=MAX_DISTANCE,
        metric="cosine",
        linkage="average",
    ).fit_predict(vectors)
    for i in range(found.max() + 1):
        members = np.flatnonzero(found == i).tolist()
        if len(members) >= MIN_TERMS:
            yield members


def family(
    counts: sp.csr_matrix,
    truth: NDArray[np.bool_],
    like_length: NDArray[np.float64],
    columns: Sequence[int],
    terms: Sequence[str],
    highlighted: Sequence[float],
) -> Family | None:
    """
    Return the family of some terms in one corpus, None if no row is without them.

    Args:
        counts: Which row of the corpus has which term.
        truth: Which of the rows have the label.
        like_length: Of each row, as ``leaning.rates_by_length`` gives it.
        columns: The terms, as columns of *counts*.
        terms: Their names.
        highlighted: How often they are marked, as far as is known.
    """
    has = np.asarray(counts[:, columns].sum(axis=1)).ravel() > 0
    if has.all():
        return None
    return Family(
        terms=tuple(terms),
        rate=rate_of(truth[has]),
        without=rate_of(truth[~has]),
        like_length=round(float(like_length[has].mean()), 4),
        highlighted=round(float(np.mean(highlighted)), 4) if highlighted else None,
    )
