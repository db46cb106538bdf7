"""Documents to pretrain on: which are drawn, and how often."""

import json
import lzma
import math
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from training.errors import CorpusMissingError
from training.preparation.load import read_rows
from training.pretraining.recipe import CorpusShare, PretrainRecipe
from training.splits import Split

MAX_DOCUMENT_CHARS = 20_000
"""Longer documents are cut: a few huge pages would crowd out the rest."""

ROWS = "rows"
"""The name of the train rows among the sources."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A raw document, where it is from, and what decides how it is written."""

    source: str
    text: str
    seed: int


def draw_documents(
    recipe: PretrainRecipe, corpora: Path, prepared: Path
) -> Iterator[Drawn]:
    """
    Yield the documents of *recipe* as they come, never holding more than one.

    Those that are taken several times come again when all have come once, so that no
    two copies stand side by side.

    Raises:
        CorpusMissingError: If a file of the recipe is not in *corpora*.
        PreparedError: If its rows are not in *prepared*.
    """
    shares = list(recipe.corpora)
    if recipe.rows:
        shares.append(CorpusShare(file=ROWS, times=recipe.rows.times))
    for n_pass in range(math.ceil(max(map(_most_times, shares)))):
        # A file from which nothing more comes is not read again.
        for share in (s for s in shares if _most_times(s) > n_pass):
            if share.file == ROWS:
                documents = _read_rows(prepared)
            else:
                documents = _read_documents(corpora / share.file)
            yield from _drawn(documents, share, n_pass, recipe.seed)


def _most_times(share: CorpusShare) -> float:
    return max(share.times, *share.sources.values(), 0)


def _read_rows(prepared: Path) -> Iterator[tuple[str, str]]:
    for row in read_rows(prepared, Split.TRAIN):
        yield ROWS, row.text


def _read_documents(path: Path) -> Iterator[tuple[str, str]]:
    """Yield source and text of each line of a ``.jsonl.xz`` file."""
    if not path.is_file():
        msg = f"{path} is not there; --corpora says where the files of the recipe are"
        raise CorpusMissingError(msg)
    with lzma.open(path, "rt", encoding="utf-8") as f:
        for line in f:
            document = json.loads(line)
            yield document["src"], document["text"]


def _drawn(
    documents: Iterable[tuple[str, str]], share: CorpusShare, n_pass: int, seed: int
) -> Iterator[Drawn]:
    left = math.inf if share.million_chars is None else share.million_chars * 1e6
    for n, (source, text) in enumerate(documents):
        # Each has a draw of its own, whatever was drawn before it.
        rng = random.Random(f"{seed}-{share.file}-{n}-{n_pass}")
        if rng.random() >= share.sources.get(source, share.times) - n_pass:
            continue
        yield Drawn(share.file, text[:MAX_DOCUMENT_CHARS], rng.getrandbits(32))
        left -= len(text)
        if left <= 0:
            return
