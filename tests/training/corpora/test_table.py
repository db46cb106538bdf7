"""Malformed records of a CSV file are set aside, each with its line and reason."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.fixtures.reading import sort
from training.corpora import vihsd
from training.corpora.row import SetAside
from training.errors import CorpusMissingError

Write = Callable[..., Path]
HEADER = "free_text,label_id"


@pytest.fixture(autouse=True)
def _dev(write: Write) -> None:
    write("dev.csv", HEADER)


def _aside(write: Write, *lines: str) -> list[SetAside]:
    folder = write("train.csv", HEADER, "chào cả nhà,0", *lines)
    return sort(vihsd.read(folder))[1]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("một, hai,0", "more fields than columns"),
        ("chỉ có chữ", "fewer fields than columns"),
        ("nhãn lạ,3", "label_id is not one of 0, 1, 2"),
        ("không nhãn,", "label_id is not one of 0, 1, 2"),
        (",0", "empty text"),
        ("\u200b \u2060,0", "empty text"),
        ("x\udcff,0", "not UTF-8"),
    ],
)
def test_malformed_record_is_set_aside(write: Write, line: str, reason: str) -> None:
    """A record that cannot be read is neither guessed at nor lost without a word."""
    (aside,) = _aside(write, line)

    assert aside == SetAside(aside.corpus, "train.csv", 3, reason)


def test_open_quote_costs_what_it_swallows(write: Write) -> None:
    """A quote that is never closed is set aside, and the reader goes on after it."""
    swallowed = ["tốt,0"] * 30_000

    (aside,) = _aside(write, '"mở mà không đóng,0', *swallowed)

    assert aside.reason.startswith("not CSV")


def test_one_bad_record_costs_only_itself(write: Write) -> None:
    """The records after a malformed one are read, under their own numbers."""
    folder = write("train.csv", HEADER, "a,9", "tốt lắm,0", "b,8")

    rows, aside = sort(vihsd.read(folder))

    assert [r.row_id for r in rows] == ["train:2"]
    assert [a.line for a in aside] == [2, 4]


def test_text_is_as_published(write: Write) -> None:
    """Quotes, commas, lines and look-alike letters of a text survive the reader."""
    folder = write("train.csv", HEADER, '"  A,\u200b ""b""', '\U0001d41c",1')

    rows, _ = sort(vihsd.read(folder))

    assert [r.text for r in rows] == ['  A,\u200b "b"\n\U0001d41c']


def test_byte_order_mark_is_no_part_of_the_header(write: Write) -> None:
    """A file saved by a spreadsheet is read like any other."""
    folder = write("train.csv", "\ufeff" + HEADER, "xin chào,0")

    rows, _ = sort(vihsd.read(folder))

    assert len(rows) == 1


def test_reason_does_not_quote_the_text(write: Write) -> None:
    """Nobody's words get into a log through a reason."""
    (aside,) = _aside(write, "lời riêng tư,lời riêng tư")

    assert "riêng" not in aside.reason


def test_other_columns_are_refused(write: Write) -> None:
    """Another version of a corpus is refused by the columns that it lacks."""
    with pytest.raises(CorpusMissingError, match="no column free_text, label_id"):
        sort(vihsd.read(write("train.csv", "text,label", "a,0")))
