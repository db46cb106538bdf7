"""SafeSense: the comment is the text, and the title is what may not cross."""

from collections.abc import Callable
from pathlib import Path

import pytest

from kiemtin.labels import Label
from tests.fixtures.reading import sort
from training.corpora import safesense

Write = Callable[..., Path]
FILE = "final_dataset_relaxed_fixed.csv"


def test_title_is_no_part_of_the_text(write: Write) -> None:
    """A model never sees the few titles, which it would learn."""
    (row,), _ = sort(safesense.read(write(FILE, "input_text,label", "tựa </s> lời,2")))

    assert (row.text, row.groups) == ("lời", {"title": "tựa"})
    assert row.labels == {Label.ABUSIVE: True, Label.HATE: True}


def test_rows_without_a_title_are_a_group(write: Write) -> None:
    """A comment whose title is missing is read, and stays with its like."""
    (row,), _ = sort(safesense.read(write(FILE, "input_text,label", " </s> lời,0")))

    assert row.groups == {"title": ""}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("không có dấu", "0 separators between title and comment, not 1"),
        ("a </s> b </s> c", "2 separators between title and comment, not 1"),
        ("tựa </s> ", "empty text"),
    ],
)
def test_row_without_a_comment_is_set_aside(
    write: Write, text: str, reason: str
) -> None:
    """Where title and comment cannot be told apart, nothing is guessed."""
    rows, aside = sort(safesense.read(write(FILE, "input_text,label", f"{text},0")))

    assert rows == []
    assert [a.reason for a in aside] == [reason]
