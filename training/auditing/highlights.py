"""How often annotators marked each word where it stands, which tells abuse from topics."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import pairwise

from training.auditing.pool import Audited
from training.corpora.row import Head, Row
from training.evaluation.wording import WORD_PATTERN

MIN_SEEN = 5
"""Places where a term stands: of fewer, nobody knows how it is marked."""
MAX_HIGHLIGHTED = 0.5
"""A term that annotators marked in more of its places is abuse itself."""

_WORD = re.compile(WORD_PATTERN)


def highlighted_shares(pool: Audited) -> Mapping[str, float]:
    """
    Return the share of places that annotators marked, of each word and pair of words.

    A place is marked if at least half of a word in it is. Copies count once. Of terms
    that stand in fewer than ``MIN_SEEN`` places nothing is returned.
    """
    seen: Counter[str] = Counter()
    marked: Counter[str] = Counter()
    done: set[int] = set()
    for row, cluster in zip(pool.rows, pool.clusters, strict=True):
        if row.head is not Head.HIGHLIGHTS or int(cluster) in done:
            continue
        done.add(int(cluster))
        for term, lit in _places(row):
            seen[term] += 1
            marked[term] += lit
    return {t: marked[t] / n for t, n in seen.items() if n >= MIN_SEEN}


def _places(row: Row) -> Iterator[tuple[str, bool]]:
    inside = bytearray(len(row.text))
    for start, end in row.spans:
        inside[start:end] = b"\x01" * (end - start)
    words = [
        (m.group().lower(), 2 * sum(inside[m.start() : m.end()]) >= len(m.group()))
        for m in _WORD.finditer(row.text)
    ]
    yield from words
    for (one, lit_one), (other, lit_other) in pairwise(words):
        yield f"{one} {other}", lit_one or lit_other
