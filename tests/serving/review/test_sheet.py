"""A spreadsheet runs nothing that we wrote into it."""

import csv
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from serving.review.sheet import csv_of


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_a_formula_is_a_text(start: str) -> None:
    """What a program would run begins with a quote."""
    out = csv_of(["a"], [[f"{start}cmd|' /C calc'!A0"]])

    assert list(csv.reader(StringIO(out, newline="")))[1][0].startswith(f"'{start}")


def test_numbers_are_numbers() -> None:
    """A negative number is no formula."""
    assert csv_of(["a", "b"], [[-1, 0.5], [None, ""]]) == "a,b\r\n-1,0.5\r\n,\r\n"


@given(st.lists(st.lists(st.text(), min_size=2, max_size=2)))
def test_every_cell_comes_back(rows: list[list[str]]) -> None:
    """Commas, quotes and new lines stay inside their cell."""
    out = csv_of(["a", "b"], rows)

    found = list(csv.reader(StringIO(out, newline="")))[1:]
    assert [[x.removeprefix("'") for x in row] for row in found] == [
        [x.removeprefix("'") for x in row] for row in rows
    ]
