"""SafeSense: comments under 49 videos, clean, offensive or hate."""

from pathlib import Path

from training.corpora.harm import CLASSES, harm_labels
from training.corpora.row import Head, Reading, Row
from training.corpora.table import MalformedRecordError, Record, class_of, read_tables

_SEPARATOR = "</s>"


def read(folder: Path) -> Reading:
    """
    Read the file, in which a text is ``title </s> comment``.

    The comment is the text and the title the group: a model that saw the few
    titles would learn them.
    """
    return read_tables(
        folder,
        ("final_dataset_relaxed_fixed.csv",),
        ("input_text", "label"),
        _parse,
    )


def _parse(row_id: str, record: Record) -> Row:
    parts = record["input_text"].split(_SEPARATOR)
    if len(parts) != 2:  # noqa: PLR2004 - a title and a comment
        msg = f"{len(parts) - 1} separators between title and comment, not 1"
        raise MalformedRecordError(msg)
    title, comment = (p.strip() for p in parts)
    value = class_of(record, "label", CLASSES)
    return Row(
        "safesense",
        row_id,
        comment,
        Head.HARM,
        harm_labels(value),
        source_label=value,
        groups={"title": title},
    )
