"""ViSpamReviews: reviews from shops, spam or not."""

from pathlib import Path

from kiemtin.labels import Label
from training.corpora.row import Head, Reading, Row
from training.corpora.table import (
    MalformedRecordError,
    Record,
    class_of,
    facets_of,
    read_tables,
)


def read(folder: Path) -> Reading:
    """Read ``train.csv`` and ``dev.csv``; the rating is a facet only."""
    return read_tables(
        folder,
        ("train.csv", "dev.csv"),
        ("Comment", "Label", "SpamLabel"),
        _parse,
    )


def _parse(row_id: str, record: Record) -> Row:
    value = class_of(record, "Label", ("0", "1"))
    kind = class_of(record, "SpamLabel", ("0", "1", "2", "3"))
    if (value == "0") != (kind == "0"):
        msg = f"Label {value} contradicts SpamLabel {kind}"
        raise MalformedRecordError(msg)
    return Row(
        "vispamreviews",
        row_id,
        record["Comment"],
        Head.SPAM,
        {Label.SPAM: value == "1"},
        source_label=value,
        facets=facets_of(record, rating="Rating"),
    )
