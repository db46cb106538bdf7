"""
Turn normalized texts into hashed words and runs of characters, for the wide part.

A text is looked at in four ways, each with buckets of its own: its words and pairs of
words, and the runs of two to four characters within what stands between spaces; both
in lower case, with diacritics and without. So a text that lost its diacritics still
shares half of what is known of it with one that has them. The hashing trick is that of
Weinberger et al. 2009 (arXiv:0902.2206), without signs.
"""

import re
from dataclasses import dataclass
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from kiemtin.text.syllables import strip_marks

N_VIEWS = 4
"""Words and characters with diacritics, words and characters without."""

_TOKEN = re.compile(r"\w+|[^\w\s]")
_LENGTHS = (2, 3, 4)
_SPACE = ord(" ")
_FACTOR = np.uint32(0x01000193)  # of FNV-1
_MIX = np.uint32(0x9E3779B1)  # 2^32 divided by the golden ratio, odd
_PAIRS, _GRAMS = np.uint32(0x5BD1E995), np.uint32(0xC2B2AE35)

Hashes = NDArray[np.uint32]


@dataclass(frozen=True, slots=True)
class Grams:
    """
    The buckets that a text falls into.

    Attributes:
        buckets: Ascending, of shape (n,); those of view v are from v * 2^bits on.
        counts: How often, of shape (n,).
        views: The view of each, of shape (n,).
    """

    buckets: NDArray[np.int64]
    counts: NDArray[np.int64]
    views: NDArray[np.int64]


def grams_of(text: str, bits: int) -> Grams:
    """
    Return the buckets of *text*.

    Args:
        text: Normalized, so that what looks the same falls into the same buckets.
        bits: Each view has 2^bits buckets.
    """
    marked = text.lower()
    bare = strip_marks(marked)
    views = (_words(marked), _characters(marked), _words(bare), _characters(bare))
    found = [
        (hashes >> np.uint32(32 - bits)).astype(np.int64) + (view << bits)
        for view, hashes in enumerate(views)
    ]
    buckets, counts = np.unique(np.concatenate(found), return_counts=True)
    return Grams(buckets, counts, buckets >> bits)


def _words(text: str) -> Hashes:
    """Return the hashes of the words, signs and pairs of them in *text*."""
    words = [crc32(w.encode("utf-8", "replace")) for w in _TOKEN.findall(text)]
    single = np.array(words, dtype=np.uint32)
    pairs = single[:-1] * _FACTOR ^ single[1:] ^ _PAIRS
    return np.concatenate([single, pairs]) * _MIX


def _characters(text: str) -> Hashes:
    """Return the hashes of runs of characters; a word begins and ends with a space."""
    words = text.split()
    if not words:
        return np.zeros(0, dtype=np.uint32)
    padded = f" {' '.join(words)} "
    points = np.frombuffer(padded.encode("utf-32-le", "replace"), dtype=np.uint32)
    inner = points != _SPACE
    found = []
    for length in _LENGTHS:
        n = len(points) - length + 1
        if n <= 0:
            break
        hashes = np.full(n, length, dtype=np.uint32)
        whole = np.ones(n, dtype=bool)
        for i in range(length):
            hashes = (hashes ^ points[i : n + i]) * _FACTOR
            if 0 < i < length - 1:
                whole &= inner[i : n + i]
        found.append((hashes ^ _GRAMS)[whole])
    return np.concatenate(found) * _MIX
