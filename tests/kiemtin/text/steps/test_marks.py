"""Marks that are part of no letter."""

import pytest

from kiemtin.text.offsets import apply_edits
from kiemtin.text.steps import marks


def _stepped(text: str) -> str:
    return apply_edits(text, marks.find(text))[0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("n\u0338g\u0337u\u0336", "ngu"),
        ("n\u0300\u0301\u0302\u0303gu", "ngu"),
        ("\u0301", ""),
    ],
)
def test_piled_marks_go(text: str, expected: str) -> None:
    """Strokes and piles of marks that hide a word are removed."""
    assert _stepped(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Tiếng Việt",
        "за\u0301мок",
    ],
)
def test_letters_keep_their_marks(text: str) -> None:
    """What is composed, and one mark on a letter of another script, stays."""
    assert _stepped(text) == text
