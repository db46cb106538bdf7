"""White space is one space, and none stands at an end."""

import pytest

from kiemtin.text.offsets import Edit, apply_edits
from kiemtin.text.steps import spaces


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("  xin   chào ", "xin chào"),
        ("một\n\nhai\tba", "một hai ba"),
        ("a\u00a0b\u3000c\u2028d", "a b c d"),
        ("a\n", "a"),
        (" \t\n ", ""),
        ("xin chào", "xin chào"),
        ("", ""),
    ],
)
def test_white_space_becomes_one_space(text: str, expected: str) -> None:
    """Line breaks, tabs and wide spaces count as spaces."""
    assert apply_edits(text, spaces.find(text))[0] == expected


def test_single_space_is_no_edit() -> None:
    """What is right already is not touched."""
    assert list(spaces.find("a b  c")) == [Edit(3, 5, " ")]
