"""IE403 smishing: text messages, masked, fraudulent or not."""

from pathlib import Path

from kiemtin.labels import Label
from training.corpora.row import Head, Reading, Row
from training.corpora.table import Record, class_of, facets_of, read_tables


def read(folder: Path) -> Reading:
    """Read ``dataset_masked.csv``; who sent a message is a shortcut, and a facet only."""
    return read_tables(folder, ("dataset_masked.csv",), ("content", "label"), _parse)


def _parse(row_id: str, record: Record) -> Row:
    value = class_of(record, "label", ("0", "1"))
    return Row(
        "ie403_smishing",
        row_id,
        record["content"],
        Head.SCAM,
        {Label.SCAM: value == "1"},
        source_label=value,
        facets=facets_of(
            record,
            sender_type="sender_type",
            has_url="has_url",
            has_phone_number="has_phone_number",
        ),
    )
