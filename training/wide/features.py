"""Rows as the wide part sees them, each several times: as it is, and written otherwise."""

import random
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from kiemtin.text import normalize
from kiemtin.text.grams import N_VIEWS, grams_of
from kiemtin.wide import weigh
from training.corpora.row import Row
from training.perturb import Half, perturb
from training.politics.swapping import swap

Read = Callable[[str], str]
"""Gives a raw text in the form that serving scores it in."""

STRIPPED = "stripped"


@dataclass(frozen=True)
class Features:
    """
    Weighed buckets of rows.

    Attributes:
        matrix: Of shape (copies * rows, buckets); row i of copy k is k * rows + i.
        rarity: The inverse document frequency of each bucket.
    """

    matrix: sp.csr_matrix
    rarity: NDArray[np.float16]


def written(
    rows: Sequence[Row],
    perturbed: dict[str, float],
    seed: int,
    swapped: Collection[str] = (),
) -> Iterator[str]:
    """
    Yield the texts of *rows* as they are, then stripped, then each written otherwise.

    Args:
        rows: Whose texts.
        perturbed: By name in ``training.perturb``, how likely each is for the third
            copy; of the half of its lexicons that training may use.
        seed: Of the draws.
        swapped: Corpora whose political terms are swapped for everyday ones, and back.
    """
    texts = [
        swap(r.text, _draws(seed, "swapped", r)) if r.corpus in swapped else r.text
        for r in rows
    ]
    yield from texts
    yield from (perturb(STRIPPED, t, seed=seed, half=Half.A) for t in texts)
    shares = {k: v for k, v in perturbed.items() if k != STRIPPED and v}
    if not shares:
        return
    for row, text in zip(rows, texts, strict=True):
        rng = _draws(seed, "perturbed", row)
        (name,) = rng.choices(list(shares), list(shares.values()))
        yield perturb(name, text, seed=seed, half=Half.A)


def _draws(seed: int, what: str, row: Row) -> random.Random:
    return random.Random(sha256(f"{seed}\t{what}\t{row.key}".encode()).digest())


def make_features(
    texts: Iterable[str], bits: int, read: Read = lambda x: normalize(x).text
) -> Features:
    """Return what *texts* are, weighed by what is rare among them."""
    found = [read(text) for text in texts]
    n_buckets = N_VIEWS << bits
    frequency = np.zeros(n_buckets)
    for text in found:
        frequency[grams_of(text, bits).buckets] += 1
    rarity = np.where(
        frequency > 0, np.log((1 + len(found)) / (1 + frequency)) + 1, 0
    ).astype(np.float16)
    indptr, indices, data = [0], [], []
    for text in found:
        buckets, weights = weigh(text, bits, rarity)
        indices.append(buckets.astype(np.int32))
        data.append(weights)
        indptr.append(indptr[-1] + len(buckets))
    matrix = sp.csr_matrix(
        (np.concatenate(data), np.concatenate(indices), np.array(indptr)),
        shape=(len(found), n_buckets),
    )
    return Features(matrix, rarity)
