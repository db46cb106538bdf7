"""Slices: rows that have something in common which no label says."""

import unicodedata
from collections.abc import Mapping, Sequence
from datetime import timedelta, timezone

from kiemtin.text.syllables import diacritic_ratio, words_of
from training.corpora.row import Row
from training.evaluation.topics import topic_of
from training.politics import is_political

VIETNAM = timezone(timedelta(hours=7))
"""Posts are dated by the clock that their writers read."""

LENGTHS = {"short": 10, "middle": 40, "long": 256}
"""The most syllables of a text; longer ones do not fit into one window."""
JUDGED_SYLLABLES = 4
"""A shorter text may rightly have no diacritics, such as "em xin ad"."""
PARTIAL_BELOW = 0.4
"""Fewer of its words have diacritics than in 199 of 200 posts and claims."""


def slices(rows: Sequence[Row]) -> dict[str, list[int]]:
    """
    Return the indexes of the rows of each slice that has any, by name.

    The names are ``corpus.NAME``, ``length.short`` to ``length.longest``,
    ``diacritics.full``, ``.partial`` and ``.none`` (of texts long enough to have some),
    ``political`` and ``not_political`` (with and without a political term),
    ``topic.NAME`` (with a term of ``topics.toml``) and ``time.2020-02`` (if dated).
    """
    found: dict[str, list[int]] = {}
    for i, row in enumerate(rows):
        for name in _names(row):
            found.setdefault(name, []).append(i)
    return dict(sorted(found.items()))


def _names(row: Row) -> list[str]:
    words = words_of(unicodedata.normalize("NFC", row.text))
    names = [f"corpus.{row.corpus}", f"length.{length_of(len(words))}"]
    if len(words) >= JUDGED_SYLLABLES:
        names.append(f"diacritics.{marks_of(diacritic_ratio(words))}")
    names.append("political" if is_political(row.text) else "not_political")
    if row.time:
        names.append(f"time.{row.time.astimezone(VIETNAM):%Y-%m}")
    if topic := topic_of(words):
        names.append(f"topic.{topic}")
    return names


def length_of(n_syllables: int) -> str:
    """Return the name of the slice of texts with as many syllables."""
    fitting = (name for name, most in LENGTHS.items() if n_syllables <= most)
    return next(fitting, "longest")


def marks_of(ratio: float) -> str:
    """Return the name of the slice of texts with that share of words with diacritics."""
    if not ratio:
        return "none"
    return "full" if ratio >= PARTIAL_BELOW else "partial"


def by_corpus(
    rows: Sequence[Row], parts: Mapping[str, Sequence[int]]
) -> dict[tuple[str, str], list[int]]:
    """Return the slices of *parts* apart by corpus: as slice and corpus, to indexes."""
    found: dict[tuple[str, str], list[int]] = {}
    for name, indexes in parts.items():
        for i in indexes:
            found.setdefault((name, rows[i].corpus), []).append(i)
    return found
