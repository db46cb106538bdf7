"""ViCTSD: readers' comments under news articles, toxic or not."""

from pathlib import Path

from kiemtin.labels import Label
from training.corpora.row import Head, Reading, Row
from training.corpora.table import Record, class_of, facets_of, read_tables


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
    title = record["Title"].strip()
    return Row(
        "victsd",
        row_id,
        record["Comment"],
        Head.HARM,
        {Label.ABUSIVE: value == "1"},
        source_label=value,
        groups={"title": title} if title else {},
        facets=facets_of(record, topic="Topic", constructiveness="Constructiveness"),
    )
