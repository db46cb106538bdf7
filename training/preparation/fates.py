"""What becomes of rows whose text is the same: one is learnt from, if they agree."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from training.corpora import Head, Row
from training.splits import Split

Ints = NDArray[np.int64]


class Fate(StrEnum):
    """Why a row is in no split that is learnt from or measured."""

    COPY = "copy"
    """An earlier row of its corpus says the same of the same text."""
    OUTVOTED = "outvoted"
    """Most rows of its corpus with the same text have another class."""
    TIED = "tied"
    """As many rows of its corpus with the same text have another class."""
    CROSSES = "crosses"
    """Its cluster stands in groups of several splits."""
    PROTECTED_COPY = "protected_copy"
    """It is nearly the same as a protected text."""


def settle(
    rows: Sequence[Row],
    clusters: Sequence[int] | Ints,
    equal: Sequence[int] | Ints,
    splits: Sequence[Split],
) -> list[Fate | None]:
    """
    Return the fate of each row, None for one that stays in its split.

    Of training rows of one corpus with the same text, the class that most of them
    have wins and the first row with it stays; if two classes have as many, none does.
    Corpora are never set against one another: they do not mean the same by a class.
    Texts that are nearly the same keep what annotators said of each, since a word may
    rightly change the class; and dev and test keep their noise.

    Args:
        rows: Of any corpora; their texts are not looked at.
        clusters: Of near-duplicates, ``training.pool.cluster``.
        equal: Of equal texts, ``training.pool.equal_texts``.
        splits: Of ``training.splits.split``.
    """
    protected = {
        int(c) for r, c in zip(rows, clusters, strict=True) if r.head is Head.PROTECTED
    }
    winners = _winners(rows, equal, splits)
    seen: set[tuple[str, int]] = set()
    out: list[Fate | None] = []
    for row, c, e, s in zip(rows, clusters, equal, splits, strict=True):
        key = (row.corpus, int(e))
        if s is Split.HELD_OUT:
            fate = Fate.PROTECTED_COPY if int(c) in protected else Fate.CROSSES
        elif s is not Split.TRAIN:
            fate = None
        elif winners[key] is None:
            fate = Fate.TIED
        elif winners[key] != row.source_label:
            fate = Fate.OUTVOTED
        else:
            fate = Fate.COPY if key in seen else None
            seen.add(key)
        out.append(fate)
    return out


def count_conflicts(
    rows: Sequence[Row], groups: Sequence[int] | Ints
) -> dict[str, int]:
    """Return of each corpus in how many of *groups* its rows have several classes."""
    classes: defaultdict[tuple[str, int], set[str]] = defaultdict(set)
    for row, g in zip(rows, groups, strict=True):
        classes[row.corpus, int(g)].add(row.source_label)
    found = Counter(corpus for (corpus, _), c in classes.items() if len(c) > 1)
    return {corpus: found[corpus] for corpus in dict.fromkeys(r.corpus for r in rows)}


def _winners(
    rows: Sequence[Row], equal: Sequence[int] | Ints, splits: Sequence[Split]
) -> dict[tuple[str, int], str | None]:
    votes: defaultdict[tuple[str, int], Counter[str]] = defaultdict(Counter)
    for row, e, s in zip(rows, equal, splits, strict=True):
        if s is Split.TRAIN:
            votes[row.corpus, int(e)][row.source_label] += 1
    winners: dict[tuple[str, int], str | None] = {}
    for key, counts in votes.items():
        first, *others = counts.most_common(2)
        tied = bool(others) and others[0][1] == first[1]
        winners[key] = None if tied else first[0]
    return winners
