"""ViCTSD: readers' comments under news articles, toxic or not."""

from pathlib import Path

from kiemtin.labels import Label
from training.corpora.row import Reading, Row
from training.corpora.table import Record, class_of, read_tables


def read(folder: Path) -> Reading:
    """Read ``ViCTSD_train.csv`` and ``ViCTSD_valid.csv``; constructiveness is not ours."""
    return read_tables(
        folder,
        ("ViCTSD_train.csv", "ViCTSD_valid.csv"),
        ("Comment", "Toxicity", "Title"),
        _parse,
    )


def _parse(row_id: str, record: Record) -> Row:
    value = class_of(record, "Toxicity", ("0", "1"))
    return Row(
        "victsd",
        row_id,
        record["Comment"],
        {Label.ABUSIVE: value == "1"},
        group=record["Title"].strip() or None,
        source_label=value,
    )
