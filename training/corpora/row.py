"""What every reader gives: labelled rows, and the records that it set aside."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from kiemtin.labels import Label


class Head(StrEnum):
    """What a corpus can teach; the first four are heads of the classifier."""

    RELIABILITY = "reliability"
    HARM = "harm"
    SCAM = "scam"
    SPAM = "spam"
    HIGHLIGHTS = "highlights"
    """Which characters of a text are hateful or offensive."""
    TARGETS = "targets"
    """Whom a text is about, and how it treats them."""
    CLAIM = "claim"
    """Whether evidence supports a statement."""
    EVERY = "every"
    """All labels of ours are known: rows that we wrote."""
    PROTECTED = "protected"
    """None: benign speech that every model is measured on and none is trained on."""


@dataclass(frozen=True, slots=True)
class Row:
    """
    One labelled text.

    Attributes:
        corpus: The name of the corpus, as in ``CORPORA``.
        row_id: The file and the number of the record in it, such as ``train:123``.
        text: As published, not normalized; of a claim, the statement.
        head: What the row can teach.
        labels: Only what the corpus says; a label that is absent is unknown.
        source_label: The corpus's own class, for the metric published with it.
        groups: What the row shares with others, by kind, such as its ``title``.
        time: When it was posted.
        evidence: Of a claim, the text that it is held against.
        spans: The highlighted parts of the text, as start and end in code points.
        targets: Of each target, 0 not mentioned, 1 normal, 2 offensive, 3 hateful.
        facets: What stood beside the text. The audit asks how far each alone gives
            the label away; it is never prepared, so nothing can learn from it.
    """

    corpus: str
    row_id: str
    text: str
    head: Head
    labels: dict[Label, bool] = field(default_factory=dict)
    source_label: str = ""
    groups: dict[str, str] = field(default_factory=dict)
    time: datetime | None = None
    evidence: str | None = None
    spans: tuple[tuple[int, int], ...] = ()
    targets: dict[str, int] = field(default_factory=dict)
    facets: dict[str, str] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """What names the row among all corpora."""
        return f"{self.corpus}:{self.row_id}"


@dataclass(frozen=True, slots=True)
class SetAside:
    """A record that could not be read for what it is; nothing in it was guessed."""

    corpus: str
    file: str
    line: int
    reason: str


Reading = Iterator[Row | SetAside]
Reader = Callable[[Path], Reading]
