"""Word vectors of the tokens (skip-gram), a start for the encoder's embeddings."""

from collections.abc import Iterator

import numpy as np
from gensim.models import Word2Vec
from numpy.typing import NDArray

from training.pretraining.recipe import VectorSection


def train_vectors(
    rows: NDArray[np.uint16],
    section: VectorSection,
    *,
    size: int,
    vocab_size: int,
    seed: int,
    threads: int,
) -> NDArray[np.float32]:
    """
    Return vectors of shape (vocab_size, size) for the tokens in *rows*.

    Scaled to the standard deviation of 0.02 that RoBERTa starts from; tokens
    that are too rare to have a vector get a random one.
    """
    model = Word2Vec(
        _Sentences(rows),
        vector_size=size,
        window=section.window,
        epochs=section.epochs,
        min_count=5,
        sg=1,
        sample=1e-4,
        workers=threads,
        seed=seed,
    )
    vectors = np.random.default_rng(seed).standard_normal((vocab_size, size))
    for token, index in model.wv.key_to_index.items():
        vectors[int(token)] = model.wv.vectors[index]
    vectors -= vectors.mean(axis=0)
    scaled: NDArray[np.float32] = (vectors / vectors.std() * 0.02).astype(np.float32)
    return scaled


class _Sentences:
    """Rows as gensim reads them, once for each epoch, one at a time in memory."""

    def __init__(self, rows: NDArray[np.uint16]) -> None:
        self._rows = rows

    def __iter__(self) -> Iterator[list[str]]:
        for row in self._rows:
            yield [str(t) for t in row.tolist()]
