"""What every section of the audit looks at, and what each of them says."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from training.corpora.row import Head, Row, SetAside

Ints = NDArray[np.int64]

_NORMAL = 1
"""The degree at which a target is spoken of, and not offended."""


class Section(BaseModel):
    """A part of the audit: figures only, never the text of a post."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Severity(StrEnum):
    """How much a finding matters to who trains on the corpus, worst first."""

    BAD = "bad"
    """Figures on this corpus mislead, or a model learns something else from it."""
    WARN = "warn"
    """To be dealt with, or to be kept in mind when figures are read."""
    INFO = "info"


class Finding(Section):
    """One sentence that a person should read, with its figures in it."""

    severity: Severity
    corpus: str
    sentence: str


class Published(StrEnum):
    """The split that the authors of a corpus gave a row."""

    TRAIN = "train"
    DEV = "dev"
    TEST = "test"
    ONE_FILE = "one_file"
    """The corpus was published without splits."""


@dataclass(frozen=True)
class Audited:
    """
    All rows of all corpora, before any of them is dropped.

    Attributes:
        rows: As the readers gave them.
        set_aside: What they could not read.
        clusters: The near-duplicate cluster of each row, of ``training.pool.cluster``.
        equal: The first row with the same normalized text, of ``equal_texts``.
        splits: Our split of each row, of ``training.splits``.
    """

    rows: Sequence[Row]
    set_aside: Sequence[SetAside]
    clusters: Ints
    equal: Ints
    splits: Sequence[str]

    @cached_property
    def corpora(self) -> tuple[str, ...]:
        """Their names, in the order in which they were read; one may have no rows."""
        return tuple(
            dict.fromkeys((*self._indices, *(a.corpus for a in self.set_aside)))
        )

    def of(self, corpus: str) -> Ints:
        """Return the indices of the rows of *corpus*, ascending."""
        return self._indices.get(corpus, np.empty(0, dtype=np.int64))

    @cached_property
    def classes(self) -> tuple[str, ...]:
        """The class that its corpus gives each row, as a digit or a word."""
        return tuple(r.source_label for r in self.rows)

    @cached_property
    def marked(self) -> tuple[bool | None, ...]:
        """What ``is_marked`` says of each row."""
        return tuple(map(is_marked, self.rows))

    @cached_property
    def published(self) -> tuple[Published, ...]:
        """The published split of each row."""
        by_file = {s: published_split(s) for s in {file_of(r) for r in self.rows}}
        return tuple(by_file[file_of(r)] for r in self.rows)

    @cached_property
    def _indices(self) -> dict[str, Ints]:
        found: dict[str, list[int]] = {}
        for i, row in enumerate(self.rows):
            found.setdefault(row.corpus, []).append(i)
        return {c: np.array(i, dtype=np.int64) for c, i in found.items()}


def file_of(row: Row) -> str:
    """Return the stem of the file that *row* was read from."""
    return row.row_id.rpartition(":")[0]


def published_split(stem: str) -> Published:
    """Return the split that a file is by its name, such as ``ViCTSD_valid``."""
    words = set(re.split(r"[^a-z]+", stem.lower()))
    for names, split in (
        ({"train"}, Published.TRAIN),
        ({"dev", "valid", "val", "validation"}, Published.DEV),
        ({"test"}, Published.TEST),
    ):
        if words & names:
            return split
    return Published.ONE_FILE


def is_marked(row: Row) -> bool | None:
    """
    Return whether annotators found anything wrong with *row*; a claim has no such class.

    It is what corpora of different classes have in common: any label of ours, any
    highlight, any target that is offended. Protected speech is picked to be benign.
    """
    match row.head:
        case Head.CLAIM:
            return None
        case Head.HIGHLIGHTS:
            return bool(row.spans)
        case Head.TARGETS:
            return max(row.targets.values(), default=0) > _NORMAL
        case _:
            return any(row.labels.values())
