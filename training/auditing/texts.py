"""How long texts are and how they are written: one measurement of each, then figures."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import regex
from numpy.typing import NDArray

from kiemtin.text.steps import placeholders
from kiemtin.text.syllables import strip_marks, words_of
from training.auditing.pool import Section
from training.corpora.row import Row
from training.evaluation.slices import JUDGED_SYLLABLES, PARTIAL_BELOW

WINDOW_SYLLABLES = 256
"""An encoder of 256 tokens sees no more of a text at once, at best."""
SHORT_SYLLABLES = 2
BIN_EDGES = (0, 1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 144, 257, 513, 1_025, 1_000_000)
"""Of the histogram of lengths, in syllables: each bin without its right edge."""

_EMOJI = regex.compile(r"\p{Emoji_Presentation}|\p{Extended_Pictographic}\uFE0F|[☺❤]")
_ROUND = 4


@dataclass(frozen=True, slots=True)
class Measured:
    """Of each text, in order, how long it is and what is in it."""

    n_syllables: NDArray[np.int64]
    n_with_marks: NDArray[np.int64]
    """Of its syllables, those with a diacritic."""
    has_emoji: NDArray[np.bool_]
    has_link: NDArray[np.bool_]


class TextFigures(Section):
    """
    Figures of a set of texts; lengths are in syllables, shares between 0 and 1.

    Those of diacritics are of the ``n_judged`` texts that are long enough to have some.
    """

    n_texts: int
    n_without_words: int
    n_short: int
    min: int
    median: int
    p90: int
    p99: int
    max: int
    over_window: float
    histogram: tuple[int, ...]
    n_judged: int
    without_diacritics: float
    partial_diacritics: float
    with_emoji: float
    with_links: float


def measure(rows: Sequence[Row]) -> Measured:
    """Return how long each text of *rows* is and what is in it."""
    counts = [_count(unicodedata.normalize("NFC", r.text)) for r in rows]
    emoji = [_EMOJI.search(r.text) is not None for r in rows]
    links = [
        any(e.replacement == "<url>" for e in placeholders.find(r.text)) for r in rows
    ]
    syllables, marked = np.array(counts, dtype=np.int64).reshape(-1, 2).T
    return Measured(
        syllables, marked, np.array(emoji, dtype=bool), np.array(links, dtype=bool)
    )


def text_figures(measured: Measured, at: NDArray[np.int64]) -> TextFigures:
    """Return the figures of the texts at the indices *at*, of which there is one."""
    n = measured.n_syllables[at]
    judged = at[n >= JUDGED_SYLLABLES]
    ratios = measured.n_with_marks[judged] / measured.n_syllables[judged]
    smallest, median, p90, p99, largest = np.percentile(
        n, (0, 50, 90, 99, 100), method="lower"
    )
    return TextFigures(
        n_texts=len(at),
        n_without_words=int((n == 0).sum()),
        n_short=int((n <= SHORT_SYLLABLES).sum()),
        min=int(smallest),
        median=int(median),
        p90=int(p90),
        p99=int(p99),
        max=int(largest),
        over_window=_share(n > WINDOW_SYLLABLES),
        histogram=tuple(np.histogram(n, bins=BIN_EDGES)[0].tolist()),
        n_judged=len(judged),
        without_diacritics=_share(ratios == 0),
        partial_diacritics=_share((ratios > 0) & (ratios < PARTIAL_BELOW)),
        with_emoji=_share(measured.has_emoji[at]),
        with_links=_share(measured.has_link[at]),
    )


def _count(text: str) -> tuple[int, int]:
    words = words_of(text)
    return len(words), sum(map(_has_marks, words))


@cache
def _has_marks(word: str) -> bool:
    return strip_marks(word) != word


def _share(which: NDArray[np.bool_]) -> float:
    return round(float(which.mean()), _ROUND) if len(which) else 0.0
