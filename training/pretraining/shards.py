"""Token shards: the whole corpus as one array of uint16, shuffled by document."""

import random
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from kiemtin.text.encode import END

_BATCH = 2_000


def write_shard(
    documents: list[str], tokenizer: Tokenizer, path: Path, *, seed: int
) -> int:
    """Encode *documents* in random order into *path*; return how many tokens."""
    order = list(range(len(documents)))
    random.Random(seed).shuffle(order)
    end = tokenizer.token_to_id(END)
    pieces: list[NDArray[np.uint16]] = []
    for at in range(0, len(order), _BATCH):
        texts = [documents[i] for i in order[at : at + _BATCH]]
        encodings = tokenizer.encode_batch(texts, add_special_tokens=False)
        pieces += [np.array([*e.ids, end], dtype=np.uint16) for e in encodings]
    tokens = np.concatenate(pieces)
    np.save(path, tokens)
    return len(tokens)


def sequences(tokens: NDArray[np.uint16], length: int) -> NDArray[np.uint16]:
    """Return *tokens* packed into rows of *length*, the rest dropped."""
    n = len(tokens) // length
    return tokens[: n * length].reshape(n, length)
