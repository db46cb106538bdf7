"""
What nearly equal texts have in common: MinHash signatures, and bands to find them by.

A text is the set of its pairs of words that follow one another. Of two texts the part of
each other's pairs that they share, |A ∩ B| / |A ∪ B|, is their resemblance (Jaccard's).
If all possible pairs are put into a random order, the first pair of A and the first one
of B are the same with just that probability: so of N_HASHES orders, the part in which
the first ones agree estimates it, with a standard deviation of
√(J (1 − J) / N_HASHES), 0.035 at J = 0.8 (Broder 1997, "On the resemblance and
containment of documents"). Orders are made by multiply-add-shift hashing (Dietzfelbinger
et al. 1997, "A reliable randomized algorithm for the closest-pair problem").

Signatures are found by their bands: with b bands of r hashes, two texts share a whole
band with probability 1 − (1 − J^r)^b (Leskovec, Rajaraman and Ullman, "Mining of massive
datasets", section 3.4). Here b = 8 and r = 4: 0.985 at 0.8, 0.9996 at 0.9, 1 for copies,
and 0.06 at 0.3. What is found is then held against the signature.
"""

import re
from functools import cache, lru_cache
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from kiemtin.text import normalize
from kiemtin.text.syllables import strip_marks

N_HASHES = 128
"""Of a signature; each of 32 bits."""
N_BANDS = 8
ROWS = 4
LEAST_WORDS = 8
"""A text of fewer words resembles too many that mean something else."""

_SEED = 20261123
_MASKED = re.compile(r"<(?:url|email|phone|user|money)>")
_WORD = re.compile(r"\w+")
_DIGITS = re.compile(r"\d+")
_AT_ONCE = 2048
"""Pairs that are hashed together, to bound the memory that a long text takes."""

Hashes = NDArray[np.uint64]
Signature = NDArray[np.uint32]


def fingerprint(text: str) -> bytes | None:
    """
    Return the signature of *text*; None if it is too short to be like another.

    Case, diacritics, the numbers in it and what the normalizer calls the same do not
    count: a copy with another telephone number is a copy.
    """
    words = _words(normalize(text).text)
    if sum(not x.startswith(("0", "<")) for x in words) < LEAST_WORDS:
        return None
    values = np.array([_hash(x) for x in words], dtype=np.uint64)
    with np.errstate(over="ignore"):
        pairs = np.unique(_mix(values[:-1] * np.uint64(3) + _mix(values[1:])))
        return _least(pairs).astype("<u4").tobytes()


def bands(signature: bytes) -> tuple[int, ...]:
    """Return the values under which *signature* is found: one for each band."""
    width = ROWS * 4
    return tuple(
        int.from_bytes(
            blake2b(
                bytes([i]) + signature[i * width : (i + 1) * width], digest_size=8
            ).digest(),
            "little",
            signed=True,
        )
        for i in range(N_BANDS)
    )


def resemblance(signature: bytes, others: list[bytes]) -> NDArray[np.float64]:
    """Return how much each of *others* resembles *signature*, 0 to 1, as estimated."""
    if not others:
        return np.zeros(0)
    one = np.frombuffer(signature, dtype="<u4")
    many = np.frombuffer(b"".join(others), dtype="<u4").reshape(len(others), -1)
    shared: NDArray[np.float64] = (many == one).mean(axis=1)
    return shared


def _words(text: str) -> list[str]:
    """Return the words of a normalized *text*; a number is 0, what was masked <."""
    bare = strip_marks(_MASKED.sub(" \x00 ", text).casefold())
    found = _DIGITS.sub("0", bare).replace("\x00", "_")
    return ["<" if x == "_" else x for x in _WORD.findall(found)]


@lru_cache(maxsize=1 << 16)
def _hash(word: str) -> int:
    content = word.encode("utf-8", "replace")
    return int.from_bytes(blake2b(content, digest_size=8).digest(), "little")


def _mix(values: Hashes) -> Hashes:
    """Spread *values* over all bits (the finalizer of splitmix64, Steele et al. 2014)."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


def _least(pairs: Hashes) -> Signature:
    """Return the first of *pairs* in each order, by its 32 bits."""
    factors, offsets = _orders()
    found = np.full(N_HASHES, np.iinfo(np.uint64).max, dtype=np.uint64)
    for start in range(0, len(pairs), _AT_ONCE):
        hashed = pairs[start : start + _AT_ONCE, None] * factors
        hashed += offsets
        np.minimum(found, hashed.min(axis=0), out=found)
    return (found >> np.uint64(32)).astype(np.uint32)


@cache
def _orders() -> tuple[Hashes, Hashes]:
    """Return a factor, which is odd, and an offset for each order; the same for ever."""
    states = np.arange(1, 2 * N_HASHES + 1, dtype=np.uint64) * np.uint64(_SEED)
    with np.errstate(over="ignore"):
        numbers = _mix(_mix(states))
    return numbers[:N_HASHES] | np.uint64(1), numbers[N_HASHES:]
