"""ReINTEL: posts from social networks, reliable or unreliable."""

import re
from datetime import UTC, datetime
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

_COUNTS = ("num_like_post", "num_comment_post", "num_share_post")
_COUNT = re.compile(r"(\d{1,9})(?:\.0+)?(?: (?:like|comment|share)s?)?|unknown|")
_SECONDS = re.compile(r"(\d+)(?:\.\d*)?")
_EARLIEST, _LATEST = datetime(2004, 1, 1, tzinfo=UTC), datetime(2021, 1, 1, tzinfo=UTC)
"""The corpus is of 2020; there was no Facebook before 2004."""


def read(folder: Path) -> Reading:
    """
    Read ``public_train.csv``: text, label and time, and never who posted.

    How a post fared is a facet. Where a count holds words or a date, fields are
    shifted: the post was cut at a separator and its text is a fragment.
    """
    return read_tables(
        folder,
        ("public_train.csv",),
        ("post_message", "timestamp_post", *_COUNTS, "label"),
        _parse,
    )


def _parse(row_id: str, record: Record) -> Row:
    for column in _COUNTS:
        if not _COUNT.fullmatch(record[column].strip()):
            msg = f"{column} is not a count: the fields are shifted"
            raise MalformedRecordError(msg)
    value = class_of(record, "label", ("0", "1"))
    return Row(
        "reintel",
        row_id,
        record["post_message"],
        Head.RELIABILITY,
        {Label.UNRELIABLE: value == "1"},
        time=_time(record["timestamp_post"].strip()),
        source_label=value,
        facets=_engagement(record),
    )


def _engagement(record: Record) -> dict[str, str]:
    found = facets_of(record, likes=_COUNTS[0], comments=_COUNTS[1], shares=_COUNTS[2])
    numbers = {k: m[1] for k, v in found.items() if (m := _COUNT.fullmatch(v))}
    return {k: v for k, v in numbers.items() if v is not None}


def _time(value: str) -> datetime | None:
    if not value:
        return None
    m = _SECONDS.fullmatch(value)
    if not m:
        msg = "timestamp_post is not a number: the fields are shifted"
        raise MalformedRecordError(msg)
    # The bound on digits keeps fromtimestamp from overflowing.
    if len(m[1]) <= 10:  # noqa: PLR2004 - digits of a second in this century
        time = datetime.fromtimestamp(int(m[1]), tz=UTC)
        if _EARLIEST <= time < _LATEST:
            return time
    msg = f"timestamp_post is not between {_EARLIEST:%Y} and {_LATEST:%Y}"
    raise MalformedRecordError(msg)
