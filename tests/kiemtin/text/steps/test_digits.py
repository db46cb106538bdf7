"""Digits and signs for letters, and letters for digits."""

import pytest

from kiemtin.text.offsets import apply_edits
from kiemtin.text.steps import digits


def _stepped(text: str) -> str:
    return apply_edits(text, digits.find(text))[0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("đồ ch3t", "đồ chet"),
        ("ng4u", "ngau"),
        ("b4n", "ban"),
        ("5OOk", "500k"),
        ("c@c", "cac"),
    ],
)
def test_digit_is_read(text: str, expected: str) -> None:
    """Inside a word that makes a syllable, a digit is the letter that it looks like."""
    assert _stepped(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "covid19",
        "h5n1",
        "a4",
        "b12",
        "3g",
        "f1",
        "5k",
        "2024",
        "iphone15",
        "xe máy 110cc",
        "lớp 10a2",
    ],
)
def test_codes_and_numbers_stay(text: str) -> None:
    """Models, codes, counts and addresses are what they are."""
    assert _stepped(text) == text
