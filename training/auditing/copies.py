"""Which texts stand more than once: within a corpus, and in several of them."""

from collections import Counter
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from training.auditing.pool import Audited, Finding, Ints, Section, Severity
from training.evaluation.standalone import percent

BAD_ACROSS = 0.5
"""Of a corpus in another: the two are one set, and are to be split as one."""
WARN_ACROSS = 0.05
WARN_WITHIN = 0.1
INFO_WITHIN = 0.02
N_LARGEST = 20
LARGE = 10
"""Rows of a cluster that is listed; of smaller ones there are too many to read."""

_ROUND = 4


class Within(Section):
    """Rows of a corpus that stand in it before, as equal and as nearly equal texts."""

    corpus: str
    n_rows: int
    n_equal: int
    n_near: int
    """Equal ones are among them."""

    @property
    def equal(self) -> float:
        """The share of ``n_equal``."""
        return self.n_equal / self.n_rows

    @property
    def near(self) -> float:
        """The share of ``n_near``."""
        return self.n_near / self.n_rows


class Across(Section):
    """
    The share of the rows of one corpus that stand in another.

    The matrices have a row and a column for each of ``corpora``; on the diagonal is
    the share of rows that another row of the same corpus is a copy of.
    """

    corpora: tuple[str, ...]
    equal: tuple[tuple[float, ...], ...]
    near: tuple[tuple[float, ...], ...]


class Cluster(Section):
    """One of the largest clusters; ``first`` names a row of it, for who has the file."""

    first: str
    n_rows: int
    n_equal_texts: int
    corpora: dict[str, int]
    classes: dict[str, int]
    """By corpus and class, such as ``vihsd 2``."""


class Copies(Section):
    """What stands more than once."""

    within: tuple[Within, ...]
    across: Across
    n_clusters: int
    n_clusters_of_several: int
    largest: tuple[Cluster, ...]


def find_copies(pool: Audited, *, seed: int) -> Copies:
    """Return what stands more than once in *pool*; nothing in it is drawn by chance."""
    sizes = np.unique(pool.clusters, return_counts=True)[1]
    return Copies(
        within=tuple(_within(pool)),
        across=Across(
            corpora=pool.corpora,
            equal=_matrix(pool, pool.equal),
            near=_matrix(pool, pool.clusters),
        ),
        n_clusters=len(sizes),
        n_clusters_of_several=int((sizes > 1).sum()),
        largest=tuple(_largest(pool)),
    )


def findings(section: Copies) -> list[Finding]:
    """Return what is worth reading in *section*."""
    found = [_about_within(w) for w in section.within if w.near >= INFO_WITHIN]
    across = section.across
    for corpus, equal, near in zip(
        across.corpora, across.equal, across.near, strict=True
    ):
        for other, e, n in zip(across.corpora, equal, near, strict=True):
            if other != corpus and n >= WARN_ACROSS:
                found.append(_about_across(corpus, other, e, n))
    return found


def _within(pool: Audited) -> Iterator[Within]:
    for corpus in pool.corpora:
        at = pool.of(corpus)
        if len(at):
            yield Within(
                corpus=corpus,
                n_rows=len(at),
                n_equal=len(at) - len(np.unique(pool.equal[at])),
                n_near=len(at) - len(np.unique(pool.clusters[at])),
            )


def _matrix(pool: Audited, groups: Ints) -> tuple[tuple[float, ...], ...]:
    """Return of each corpus the share of rows that share a group with each corpus."""
    counts = np.zeros((len(pool.corpora), len(pool.rows)), dtype=np.int32)
    for i, corpus in enumerate(pool.corpora):
        np.add.at(counts[i], groups[pool.of(corpus)], 1)
    return tuple(
        tuple(
            _share(counts[j, groups[pool.of(corpus)]] > (i == j))
            for j in range(len(pool.corpora))
        )
        for i, corpus in enumerate(pool.corpora)
    )


def _share(which: NDArray[np.bool_]) -> float:
    return round(float(which.mean()), _ROUND) if len(which) else 0.0


def _largest(pool: Audited) -> Iterator[Cluster]:
    names, sizes = np.unique(pool.clusters, return_counts=True)
    order = np.lexsort((names, -sizes))[:N_LARGEST]
    for name, size in zip(names[order], sizes[order], strict=True):
        if size < LARGE:
            return
        at = np.flatnonzero(pool.clusters == name)
        rows = [pool.rows[i] for i in at.tolist()]
        yield Cluster(
            first=rows[0].key,
            n_rows=len(rows),
            n_equal_texts=len(np.unique(pool.equal[at])),
            corpora=dict(Counter(r.corpus for r in rows).most_common()),
            classes=dict(
                Counter(f"{r.corpus} {r.source_label}" for r in rows).most_common()
            ),
        )


def _about_within(w: Within) -> Finding:
    return Finding(
        severity=Severity.WARN if w.near >= WARN_WITHIN else Severity.INFO,
        corpus=w.corpus,
        sentence=(
            f"{percent(w.near)} of the rows nearly repeat an earlier one, "
            f"{percent(w.equal)} word for word"
        ),
    )


def _about_across(corpus: str, other: str, equal: float, near: float) -> Finding:
    return Finding(
        severity=Severity.BAD if near >= BAD_ACROSS else Severity.WARN,
        corpus=corpus,
        sentence=(
            f"{percent(near)} of the rows are in {other} too, "
            f"{percent(equal)} word for word"
        ),
    )
