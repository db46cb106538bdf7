"""Which texts of all corpora are the same or nearly the same."""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import xxhash
from datasketch import MinHash, MinHashLSH
from numpy.typing import NDArray
from scipy.cluster.hierarchy import DisjointSet

from kiemtin.text import normalize
from kiemtin.text.syllables import strip_marks

SHINGLE_CHARS = 5
MIN_WORDS = 5
"""Shorter texts are alike only if they are equal: short texts match everything."""

_BANDS, _BAND_ROWS = 25, 5
"""A pair of Jaccard similarity 0.8 shares a band with probability 0.9999."""

_DOUBT = 0.15
"""Four standard errors of a similarity estimated from 125 hashes at 0.8: a candidate
that seems further off than this is not looked at."""

_KEPT_SHINGLES = 4096

Ints = NDArray[np.int64]


def text_key(text: str) -> str:
    """Return *text* as it is compared: a copy without case or diacritics is a copy."""
    return strip_marks(normalize(text).text.lower())


def equal_texts(texts: Sequence[str]) -> Ints:
    """Return for each text the first index of one that is normalized to the same."""
    first: dict[int, int] = {}
    return np.array(
        [
            first.setdefault(_hash(normalize(t).text.lower()), i)
            for i, t in enumerate(texts)
        ],
        dtype=np.int64,
    )


def cluster(texts: Sequence[str], *, threshold: float = 0.8, seed: int = 1) -> Ints:
    """
    Return the cluster of each text: the smallest index of a text in it.

    Texts are alike if the sets of 5-grams of their keys have at least *threshold* of
    their union in common (Jaccard). Candidates come from MinHash bands (Broder 1997;
    Leskovec et al., Mining of Massive Datasets, ch. 3), and each is verified. Clusters
    are the components of that relation: a chain may join texts that are not alike,
    which costs a split nothing and keeps copies of copies together.

    Args:
        texts: Read one at a time and not kept, so that they may lie on disk: what
            grows in memory is the index, by some 8 kB a text.
        threshold: Of the similarity, above 0.5.
        seed: Of the hashes.
    """
    first: dict[int, int] = {}
    canonical = np.zeros(len(texts), dtype=np.int64)
    sets = DisjointSet(range(len(texts)))
    index = _Index(texts, threshold, seed)
    for i, text in enumerate(texts):
        key = text_key(text)
        canonical[i] = first.setdefault(_hash(key), i)
        if canonical[i] == i and len(key.split()) >= MIN_WORDS:
            index.join(i, key, sets)
    names: dict[int, int] = {}
    roots = (names.setdefault(sets[int(c)], i) for i, c in enumerate(canonical))
    return np.fromiter(roots, dtype=np.int64, count=len(texts))


class _Index:
    """Texts by the bands of their signatures; texts that share one are candidates."""

    def __init__(self, texts: Sequence[str], threshold: float, seed: int) -> None:
        n_hashes = _BANDS * _BAND_ROWS
        self._threshold = threshold
        self._empty = MinHash(
            n_hashes, seed=seed, hashfunc=xxhash.xxh32_intdigest, scheme="affine32"
        )
        self._bands = MinHashLSH(num_perm=n_hashes, params=(_BANDS, _BAND_ROWS))
        self._signatures = np.zeros((len(texts), n_hashes), dtype=np.uint32)
        self._shingles_of = lru_cache(_KEPT_SHINGLES)(
            lambda i: _shingles(text_key(texts[i]))
        )

    def join(self, i: int, key: str, sets: DisjointSet) -> None:
        """Join text *i* in *sets* to those before it that it is like, and add it."""
        shingles = _shingles(key)
        signature = self._empty.copy()
        signature.update_batch([s.encode() for s in shingles])
        self._signatures[i] = signature.hashvalues
        near = self._likely(i, sorted(self._bands.query(signature)))
        for j in near:
            if not sets.connected(i, j) and self._alike(shingles, j):
                sets.merge(i, j)
        self._bands.insert(i, signature, check_duplication=False)

    def _likely(self, i: int, candidates: list[int]) -> list[int]:
        if not candidates:
            return []
        same = self._signatures[candidates] == self._signatures[i]
        close = same.mean(axis=1) >= self._threshold - _DOUBT
        return [j for j, is_close in zip(candidates, close, strict=True) if is_close]

    def _alike(self, shingles: frozenset[str], j: int) -> bool:
        others = self._shingles_of(j)
        few, many = sorted((len(shingles), len(others)))
        if few < self._threshold * many:
            return False
        common = len(shingles & others)
        return common >= self._threshold * (few + many - common)


def _shingles(key: str) -> frozenset[str]:
    padded = key.ljust(SHINGLE_CHARS)
    n = len(padded) - SHINGLE_CHARS + 1
    return frozenset(padded[i : i + SHINGLE_CHARS] for i in range(n))


def _hash(text: str) -> int:
    # 128 bits: that two of a million texts meet by chance has odds of 1 to 10^26.
    return xxhash.xxh3_128_intdigest(text.encode())
