"""ReINTEL: dirty numbers are looked at, never learnt from."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kiemtin.labels import Label
from tests.fixtures.reading import sort
from training.corpora import reintel
from training.corpora.row import Row, SetAside

Write = Callable[..., Path]
HEADER = (
    "id,user_name,post_message,timestamp_post,"
    "num_like_post,num_comment_post,num_share_post,label"
)


def _read(write: Write, fields: str) -> tuple[list[Row], list[SetAside]]:
    line = f"1,abc,bài viết,{fields}"
    return sort(reintel.read(write("public_train.csv", HEADER, line)))


def test_post_has_a_label_and_a_time(write: Write) -> None:
    """Seconds since 1970 become a time in UTC."""
    (row,), _ = _read(write, "1583713929.0,1,2,3.0,1")

    assert row.labels == {Label.UNRELIABLE: True}
    assert row.time == datetime(2020, 3, 9, 0, 32, 9, tzinfo=UTC)
    assert row.groups == {}
    assert row.facets == {"likes": "1", "comments": "2", "shares": "3"}


@pytest.mark.parametrize(
    "counts",
    ["54 like,2 comment,1 share", "unknown,unknown,unknown", ",,", "5.0,0,1.0"],
)
def test_dirty_counts_do_no_harm(write: Write, counts: str) -> None:
    """Counts are facets only, so their spelling costs no row."""
    rows, aside = _read(write, f"1583713929,{counts},0")

    assert (len(rows), aside) == (1, [])


def test_time_may_be_missing(write: Write) -> None:
    """A post without a time is still a post with a label."""
    (row,), _ = _read(write, ",1,2,3,0")

    assert row.time is None


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ("phần sau của bài,1,2,3,1", "timestamp_post is not a number"),
        (",phần sau của bài,2,3,1", "num_like_post is not a count"),
        ("1583713929,1,2,1583713929.0,1", "num_share_post is not a count"),
        (
            '1583713929,1,2,"June 17th 2020, 01:02:03",1',
            "num_share_post is not a count",
        ),
        ("15837139290000000000,1,2,3,1", "timestamp_post is not between 2004 and 2021"),
        ("12,1,2,3,1", "timestamp_post is not between 2004 and 2021"),
        ("1583713929,1,2,3,2", "label is not one of 0, 1"),
    ],
)
def test_shifted_row_is_set_aside(write: Write, fields: str, reason: str) -> None:
    """A post that was cut in pieces is a fragment; its label is not the fragment's."""
    rows, aside = _read(write, fields)

    assert rows == []
    assert aside[0].reason.startswith(reason)
