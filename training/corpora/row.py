"""What every reader gives: labelled rows, and the rows that it set aside."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from kiemtin.labels import Label


@dataclass(frozen=True, slots=True)
class Row:
    """
    One labelled text.

    Attributes:
        corpus: The name of the corpus, as in ``CORPORA``.
        row_id: The file and the number of the record in it, such as ``train:123``.
        text: As published, not normalized.
        labels: Only what the corpus says; a label that is absent is unknown.
        group: What the row shares with others that it must not be split from.
        time: When it was posted.
        source_label: The corpus's own class, for the metric published with it.
    """

    corpus: str
    row_id: str
    text: str
    labels: dict[Label, bool]
    group: str | None = None
    time: datetime | None = None
    source_label: str = ""


@dataclass(frozen=True, slots=True)
class SetAside:
    """A record that could not be read for what it is; nothing in it was guessed."""

    file: str
    line: int
    reason: str


Reading = tuple[list[Row], list[SetAside]]
Reader = Callable[[Path], Reading]
