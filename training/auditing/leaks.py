"""How much of what tests a model stands in what trains it, by published splits and ours."""

from collections.abc import Collection, Iterator

import numpy as np
from numpy.typing import NDArray

from training.auditing.pool import Audited, Finding, Ints, Published, Section, Severity
from training.evaluation.standalone import percent
from training.splits import Split

BAD_COPIES, WARN_COPIES = 0.05, 0.01
"""Of the rows that test; five in a hundred move a figure by more than most methods do."""
BAD_GROUPS, WARN_GROUPS = 0.5, 0.05

_TESTS_PUBLISHED = (Published.DEV, Published.TEST)
_TESTS_OURS = (Split.DEV, Split.TEST, Split.PROTECTED_DEV, Split.PROTECTED_TEST)
_ROUND = 4


class Leak(Section):
    """
    How many rows of one split of a corpus are known from a train split.

    Attributes:
        corpus: Whose rows.
        split: Which of its splits, that is not train.
        n_rows: How many there are.
        n_equal: Of them, those with an equal text in train.
        n_near: Those with an equal or nearly equal one.
        groups: By kind, such as ``url``, those that have a group in common with train.
    """

    corpus: str
    split: str
    n_rows: int
    n_equal: int
    n_near: int
    groups: dict[str, int]

    def share(self, n: int) -> float:
        """Return which share of the rows *n* of them are."""
        return round(n / self.n_rows, _ROUND)


class Leaks(Section):
    """
    What tests and is known from training.

    ``published`` is of each corpus against its own train split, as its authors split
    it. ``ours`` is against our train split of all corpora: no copy may be in it.
    """

    published: tuple[Leak, ...]
    ours: tuple[Leak, ...]


def find_leaks(pool: Audited, *, seed: int) -> Leaks:
    """Return what leaks in *pool*; nothing in it is drawn by chance."""
    ours = tuple(_ours(pool))
    return Leaks(published=tuple(_published(pool)), ours=ours)


def findings(section: Leaks) -> list[Finding]:
    """Return what is worth reading in *section*."""
    found = [f for leak in section.published for f in _about_published(leak)]
    found += [f for leak in section.ours for f in _about_ours(leak)]
    if section.ours and not any(leak.n_near for leak in section.ours):
        n = sum(leak.n_rows for leak in section.ours)
        sentence = f"none of the {n:,} rows that test in our splits has a copy in train"
        found.append(Finding(severity=Severity.INFO, corpus="", sentence=sentence))
    return found


def _published(pool: Audited) -> Iterator[Leak]:
    named = np.array(pool.published, dtype=str)
    for corpus in pool.corpora:
        at = pool.of(corpus)
        train = at[named[at] == Published.TRAIN]
        if len(train):
            yield from _leaks(pool, corpus, train, named, _TESTS_PUBLISHED)


def _ours(pool: Audited) -> Iterator[Leak]:
    named = np.array(pool.splits, dtype=str)
    train = np.flatnonzero(named == Split.TRAIN)
    for corpus in pool.corpora:
        yield from _leaks(pool, corpus, train, named, _TESTS_OURS)


def _leaks(
    pool: Audited,
    corpus: str,
    train: Ints,
    named: NDArray[np.str_],
    tests: Collection[str],
) -> Iterator[Leak]:
    known = {k: _groups(pool, train, k) for k in _kinds(pool, corpus)}
    for split in tests:
        at = pool.of(corpus)
        at = at[named[at] == split]
        if not len(at):
            continue
        yield Leak(
            corpus=corpus,
            split=str(split),
            n_rows=len(at),
            n_equal=int(np.isin(pool.equal[at], pool.equal[train]).sum()),
            n_near=int(np.isin(pool.clusters[at], pool.clusters[train]).sum()),
            groups={
                kind: sum(
                    (corpus, pool.rows[i].groups.get(kind)) in groups
                    for i in at.tolist()
                )
                for kind, groups in known.items()
            },
        )


def _kinds(pool: Audited, corpus: str) -> list[str]:
    return sorted({k for i in pool.of(corpus).tolist() for k in pool.rows[i].groups})


def _groups(pool: Audited, at: Ints, kind: str) -> set[tuple[str, str]]:
    """Return the groups at *at* that have a name; one that has none is no group."""
    rows = (pool.rows[i] for i in at.tolist())
    return {(r.corpus, name) for r in rows if (name := r.groups.get(kind))}


def _about_published(leak: Leak) -> Iterator[Finding]:
    copies = leak.share(leak.n_near)
    if copies >= WARN_COPIES:
        yield Finding(
            severity=Severity.BAD if copies >= BAD_COPIES else Severity.WARN,
            corpus=leak.corpus,
            sentence=(
                f"{percent(copies)} of the published {leak.split} rows stand in train, "
                f"{percent(leak.share(leak.n_equal))} word for word"
            ),
        )
    yield from _about_groups(leak, f"the published {leak.split} rows")


def _about_ours(leak: Leak) -> Iterator[Finding]:
    if leak.n_near:
        yield Finding(
            severity=Severity.BAD,
            corpus=leak.corpus,
            sentence=f"{leak.n_near:,} of our {leak.split} rows are in our train, too",
        )
    yield from _about_groups(leak, f"our {leak.split} rows")


def _about_groups(leak: Leak, rows: str) -> Iterator[Finding]:
    for kind, n in leak.groups.items():
        share = leak.share(n)
        if share >= WARN_GROUPS:
            yield Finding(
                severity=Severity.BAD if share >= BAD_GROUPS else Severity.WARN,
                corpus=leak.corpus,
                sentence=(f"{percent(share)} of {rows} share their {kind} with train"),
            )
