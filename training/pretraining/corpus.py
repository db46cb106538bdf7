"""Documents to pretrain on, normalized as the models will read them."""

import json
import lzma
import random
from collections.abc import Iterable, Iterator
from pathlib import Path

from kiemtin.text import normalize
from kiemtin.text.syllables import strip_marks
from training.recipe import CorpusShare

MAX_DOCUMENT_CHARS = 20_000
"""Longer documents are cut: a few huge pages would crowd out the rest."""


def read_documents(path: Path) -> Iterator[str]:
    """Yield the text of each line of a ``.jsonl.xz`` file."""
    with lzma.open(path, "rt", encoding="utf-8") as f:
        for line in f:
            yield json.loads(line)["text"]


def sample_documents(
    folder: Path, share: CorpusShare, *, stripped: float, seed: int
) -> Iterator[str]:
    """
    Yield normalized documents of one file until its share of characters is used.

    Args:
        folder: Where the file lies.
        share: Which file, and how many million characters of it.
        stripped: Which part of the documents loses its diacritics.
        seed: Decides which.
    """
    rng = random.Random(f"{seed}-{share.file}")
    left = share.million_chars * 1_000_000
    for text in _some(read_documents(folder / share.file), share.keep, rng):
        document = normalize(text[:MAX_DOCUMENT_CHARS]).text
        if rng.random() < stripped:
            document = strip_marks(document)
        yield document
        left -= len(document)
        if left <= 0:
            return


def _some(documents: Iterable[str], keep: float, rng: random.Random) -> Iterator[str]:
    return (d for d in documents if rng.random() < keep)
