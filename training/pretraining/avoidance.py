"""Texts that must not be seen: what a model is examined on."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import xxhash

from kiemtin.text import normalize
from kiemtin.text.syllables import strip_marks, words_of
from training.preparation.load import read_rows
from training.splits import Split

N_WORDS = 7
"""So many words running are no coincidence in a post (as GPT-3 had 13, arXiv:2005.14165,
for English, where a word is a syllable and a half)."""

EXAMINED = (Split.DEV, Split.TEST, Split.PROTECTED_DEV, Split.PROTECTED_TEST)


class Avoided:
    """Runs of words, in lower case and without marks, that no document may hold."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._runs = frozenset(run for t in texts for run in _runs(_words(t)))

    def touches(self, normalized: str) -> bool:
        """
        Return whether a document holds such a run.

        A text of fewer words is touched only by a document of the very same words.
        """
        return any(run in self._runs for run in _runs(_words(normalized)))


def examined_texts(prepared: Path) -> Iterator[str]:
    """
    Yield the normalized texts that models are chosen by and measured on.

    Raises:
        PreparedError: If *prepared* is not what ``kiemtin data prepare`` makes.
    """
    for split in EXAMINED:
        for row in read_rows(prepared, split):
            yield normalize(row.text).text


def _words(text: str) -> list[str]:
    return words_of(strip_marks(text))


def _runs(words: list[str]) -> Iterator[int]:
    for at in range(max(1, len(words) - N_WORDS + 1) if words else 0):
        # Not hash(): it differs from process to process.
        yield xxhash.xxh3_64_intdigest(" ".join(words[at : at + N_WORDS]).encode())
