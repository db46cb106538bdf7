"""ViFactCheck: statements held against evidence from news articles."""

from pathlib import Path
from urllib.parse import urlsplit

from training.corpora.row import Head, Reading, Row
from training.corpora.table import (
    MalformedRecordError,
    Record,
    check_text,
    class_of,
    read_tables,
)

FILES = (
    "train_gold_evidence.csv",
    "dev_gold_evidence.csv",
    "test_gold_evidence.csv",
)


def read(folder: Path) -> Reading:
    """
    Read the three files: 0 supported, 1 refuted, 2 not enough information.

    The article is the group. Who published it is a facet: a statement is as true
    under another masthead.
    """
    return read_tables(folder, FILES, ("statement", "evidence", "label", "url"), _parse)


def _parse(row_id: str, record: Record) -> Row:
    check_text(record["evidence"])
    value = class_of(record, "label", ("0", "1", "2"))
    url = record["url"].strip()
    return Row(
        "vifactcheck",
        row_id,
        record["statement"],
        Head.CLAIM,
        source_label=value,
        groups={"url": url},
        evidence=record["evidence"],
        facets={"outlet": _host(url)},
    )


def _host(url: str) -> str:
    try:
        host = urlsplit(url).hostname
    except ValueError:
        host = None
    if not host:
        msg = "url is not an address"
        raise MalformedRecordError(msg)
    return host.removeprefix("www.")
