"""ViHSD: comments from social networks, clean, offensive or hate."""

from pathlib import Path

from training.corpora.harm import CLASSES, harm_labels
from training.corpora.row import Head, Reading, Row
from training.corpora.table import Record, class_of, read_tables


def read(folder: Path) -> Reading:
    """Read ``train.csv`` and ``dev.csv``."""
    return read_tables(
        folder, ("train.csv", "dev.csv"), ("free_text", "label_id"), _parse
    )


def _parse(row_id: str, record: Record) -> Row:
    value = class_of(record, "label_id", CLASSES)
    return Row(
        "vihsd",
        row_id,
        record["free_text"],
        Head.HARM,
        harm_labels(value),
        source_label=value,
    )
