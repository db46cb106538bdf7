"""ViSNLI: whether a hypothesis follows from a premise."""

from pathlib import Path

from training.corpora.row import Head, Reading, Row
from training.corpora.table import (
    Record,
    check_text,
    class_of,
    facets_of,
    read_tables,
)


def read(folder: Path) -> Reading:
    """Read the three files: 0 entailment, 1 contradiction, 2 neutral."""
    return read_tables(
        folder,
        ("train.csv", "dev.csv", "test.csv"),
        ("Premise", "Hypothesis", "Label"),
        _parse,
    )


def _parse(row_id: str, record: Record) -> Row:
    premise = record["Premise"]
    check_text(premise)
    return Row(
        "visnli",
        row_id,
        record["Hypothesis"],
        Head.CLAIM,
        source_label=class_of(record, "Label", ("0", "1", "2")),
        groups={"premise": premise.strip()},
        evidence=premise,
        facets=facets_of(record, genre="Genre"),
    )
