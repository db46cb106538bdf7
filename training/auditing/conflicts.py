"""Texts that got different classes: within a corpus, and where two corpora share them."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import combinations

import numpy as np

from training.auditing.pool import Audited, Finding, Ints, Section, Severity
from training.corpora.row import Head
from training.evaluation.standalone import percent
from training.preparation.fates import Fate, settle
from training.splits import Split

WARN_ROWS = 0.01
"""Of the rows of a corpus, in groups of equal texts with different classes."""
MIN_SHARED = 100
"""Texts that two corpora share: below, a share of them says little."""
WARN_DIFFER = 0.05

_ROUND = 4
_ABOUT_HARM = frozenset({Head.HARM, Head.HIGHLIGHTS, Head.TARGETS})
"""Of what annotators marked, only harm is what several corpora ask for."""


class Contradictions(Section):
    """
    Groups of texts of one corpus that are the same and have different classes.

    Attributes:
        n_groups: Groups of two rows at least.
        n_contradicting: Of them, those with more than one class.
        n_rows: The rows of those.
        pairs: How many groups hold both classes, such as ``0 and 2``.
    """

    n_groups: int
    n_contradicting: int
    n_rows: int
    pairs: dict[str, int]


class CorpusConflicts(Section):
    """
    What contradicts itself in one corpus, as equal and as nearly equal texts.

    Claims are the same only if their evidence is, too.
    """

    corpus: str
    n_rows: int
    equal: Contradictions
    near: Contradictions


class Disagreement(Section):
    """
    What two harm corpora say of the texts that stand word for word in both.

    A text is marked if most of its rows are: labelled, highlighted or with an offended
    target. One of which as many rows are as are not is left out.
    """

    corpora: tuple[str, str]
    n_texts: int
    n_marked_in_first_only: int
    n_marked_in_second_only: int

    @property
    def differ(self) -> float:
        """The share of the texts that only one of the two marks."""
        n = self.n_marked_in_first_only + self.n_marked_in_second_only
        return round(n / self.n_texts, _ROUND)


class Settled(Section):
    """How many rows of a corpus stay in a split of ours, and what became of the others."""

    corpus: str
    n_stay: int
    left_out: dict[str, int]
    """By why, as in ``training.preparation.fates``."""


class Conflicts(Section):
    """What contradicts itself, and what the rules of preparing make of it."""

    within: tuple[CorpusConflicts, ...]
    across: tuple[Disagreement, ...]
    settled: tuple[Settled, ...]


def find_conflicts(pool: Audited, *, seed: int) -> Conflicts:
    """Return what contradicts itself in *pool*; nothing in it is drawn by chance."""
    return Conflicts(
        within=tuple(
            CorpusConflicts(
                corpus=corpus,
                n_rows=len(pool.of(corpus)),
                equal=_contradictions(pool, corpus, pool.equal),
                near=_contradictions(pool, corpus, pool.clusters),
            )
            for corpus in pool.corpora
        ),
        across=tuple(_across(pool)),
        settled=tuple(_settled(pool)),
    )


def findings(section: Conflicts) -> list[Finding]:
    """Return what is worth reading in *section*."""
    found = [_about_corpus(c) for c in section.within if c.equal.n_contradicting]
    found += [
        _about_pair(d)
        for d in section.across
        if d.n_texts >= MIN_SHARED and d.differ >= WARN_DIFFER
    ]
    return found


def _contradictions(pool: Audited, corpus: str, groups: Ints) -> Contradictions:
    same: defaultdict[tuple[int, str], list[str]] = defaultdict(list)
    for i in pool.of(corpus).tolist():
        key = int(groups[i]), pool.rows[i].evidence or ""
        same[key].append(pool.classes[i])
    several = [classes for classes in same.values() if len(classes) > 1]
    contradicting = [classes for classes in several if len(set(classes)) > 1]
    pairs = Counter(
        f"{a} and {b}"
        for classes in contradicting
        for a, b in combinations(sorted(set(classes)), 2)
    )
    return Contradictions(
        n_groups=len(several),
        n_contradicting=len(contradicting),
        n_rows=sum(map(len, contradicting)),
        pairs=dict(sorted(pairs.items())),
    )


def _across(pool: Audited) -> Iterator[Disagreement]:
    verdicts = {c: v for c in pool.corpora if (v := _verdicts(pool, c))}
    for a, b in combinations(verdicts, 2):
        shared = verdicts[a].keys() & verdicts[b].keys()
        if not shared:
            continue
        said = Counter((verdicts[a][text], verdicts[b][text]) for text in shared)
        yield Disagreement(
            corpora=(a, b),
            n_texts=len(shared),
            n_marked_in_first_only=said[True, False],
            n_marked_in_second_only=said[False, True],
        )


def _verdicts(pool: Audited, corpus: str) -> dict[int, bool]:
    """Return what most rows of each equal text say, where most say the same."""
    votes: defaultdict[int, list[bool]] = defaultdict(list)
    for i in pool.of(corpus).tolist():
        marked = pool.marked[i]
        if marked is not None and pool.rows[i].head in _ABOUT_HARM:
            votes[int(pool.equal[i])].append(marked)
    shares = {text: float(np.mean(v)) for text, v in votes.items()}
    return {text: s > 1 / 2 for text, s in shares.items() if s != 1 / 2}


def _settled(pool: Audited) -> Iterator[Settled]:
    splits = [Split(s) for s in pool.splits]
    fates = settle(pool.rows, pool.clusters, pool.equal, splits)
    for corpus in pool.corpora:
        counts = Counter(fates[i] for i in pool.of(corpus).tolist())
        yield Settled(
            corpus=corpus,
            n_stay=counts[None],
            left_out={str(f): counts[f] for f in Fate if counts[f]},
        )


def _about_corpus(c: CorpusConflicts) -> Finding:
    n, share = c.equal.n_contradicting, c.equal.n_rows / c.n_rows
    return Finding(
        severity=Severity.WARN if share >= WARN_ROWS else Severity.INFO,
        corpus=c.corpus,
        sentence=(
            f"{n:,} group{'s' * (n > 1)} of equal texts have different classes, "
            f"{c.equal.n_rows:,} rows ({percent(share)})"
        ),
    )


def _about_pair(d: Disagreement) -> Finding:
    first, second = d.corpora
    return Finding(
        severity=Severity.WARN,
        corpus=first,
        sentence=(
            f"{percent(d.differ)} of the {d.n_texts:,} texts shared with {second} are "
            f"marked by one of the two only ({d.n_marked_in_first_only:,} here, "
            f"{d.n_marked_in_second_only:,} there)"
        ),
    )
