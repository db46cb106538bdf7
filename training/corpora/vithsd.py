"""ViTHSD: comments, with whom they are about and how they treat them."""

from pathlib import Path

from training.corpora.row import Head, Reading, Row
from training.corpora.table import Record, class_of, read_tables

TARGETS = ("individual", "groups", "religion/creed", "race/ethnicity", "politics")
DEGREES = ("0", "1", "2", "3")
"""Not mentioned, normal, offensive, hateful."""


def read(folder: Path) -> Reading:
    """
    Read ``train.csv`` and ``dev.csv``; the class is the worst degree of any target.

    No label of ours comes from it: offence to politics is often mere criticism.
    """
    return read_tables(folder, ("train.csv", "dev.csv"), ("content", *TARGETS), _parse)


def _parse(row_id: str, record: Record) -> Row:
    targets = {t: int(class_of(record, t, DEGREES)) for t in TARGETS}
    return Row(
        "vithsd",
        row_id,
        record["content"],
        Head.TARGETS,
        source_label=str(max(targets.values())),
        targets=targets,
    )
