"""What nobody sees goes."""

import sys

import pytest
import regex

from kiemtin.text.offsets import Edit, apply_edits
from kiemtin.text.steps import invisible

HIDDEN = [
    "\u00ad",
    "\u200b",
    "\u200d",
    "\u2060",
    "\ufeff",
    "\u202e",
    "\u2066",
    "\ufe0f",
    "\U000e0041",
    "\u180e",
    "\ufff9",
]


@pytest.mark.parametrize("hidden", HIDDEN, ids=lambda c: f"U+{ord(c):04X}")
def test_invisible_is_removed(hidden: str) -> None:
    """A character that nobody sees cannot split a word for a filter."""
    text = f"n{hidden}gu"

    assert apply_edits(text, invisible.find(text))[0] == "ngu"


@pytest.mark.parametrize("blank", ["\u2800", "\u3164", "\uffa0", "\u200b\u3164"])
def test_blank_is_a_space(blank: str) -> None:
    """What is as wide as a space, and shows nothing, parts words as a space does."""
    text = f"mua{blank}ngay"

    assert apply_edits(text, invisible.find(text))[0] == "mua ngay"


def test_all_that_unicode_ignores_is_invisible() -> None:
    """The ranges are those of the Unicode property, and a few more."""
    ignorable = regex.compile(r"\p{Default_Ignorable_Code_Point}")
    missed = [
        c
        for c in map(chr, range(sys.maxunicode + 1))
        if ignorable.match(c) and not list(invisible.find(c))
    ]

    assert missed == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧"),
        ("❤\ufe0f\u200d🔥", "❤\u200d🔥"),
        ("👩🏽\u200d⚕\ufe0f", "👩🏽\u200d⚕"),
        ("🏴\U000e0067\U000e0062\U000e007f", "🏴\U000e0067\U000e0062\U000e007f"),
        ("😀\u200d a\u200db", "😀 ab"),
        ("\u200d😀", "😀"),
        ("x\U000e0067\U000e0062\U000e007f", "x"),
    ],
)
def test_joiners_of_emoji_stay(text: str, expected: str) -> None:
    """A family and the flag of England are one sign; a selector alone says nothing."""
    assert apply_edits(text, invisible.find(text))[0] == expected


@pytest.mark.parametrize("text", ["ngu", "Tiếng Việt", "a\u00a0b", "❤ 😀", "a\u0323"])
def test_visible_stays(text: str) -> None:
    """Letters, spaces, emoji and tone marks are not invisible."""
    assert list(invisible.find(text)) == []


def test_run_is_one_edit() -> None:
    """A run is one edit, where it stands."""
    assert list(invisible.find("đ\u200b\u200d\ufeffồ")) == [Edit(1, 4, "")]
