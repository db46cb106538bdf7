"""What nobody sees goes."""

import pytest

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


@pytest.mark.parametrize("blank", ["\u3164", "\u2800", "\uffa0"])
def test_blank_is_a_space(blank: str) -> None:
    """What looks like a space parts words as one does."""
    text = f"mua{blank}ngay"

    assert apply_edits(text, invisible.find(text))[0] == "mua ngay"


def test_joined_emoji_stay_whole() -> None:
    """The joiner of a family and the tags of a flag are parts of one emoji."""
    family = "👨\u200d👩\u200d👧"

    assert list(invisible.find(family)) == []


@pytest.mark.parametrize("text", ["ngu", "Tiếng Việt", "a\u00a0b", "❤ 😀", "a\u0323"])
def test_visible_stays(text: str) -> None:
    """Letters, spaces, emoji and tone marks are not invisible."""
    assert list(invisible.find(text)) == []


def test_run_is_one_edit() -> None:
    """A run is one edit, where it stands."""
    assert list(invisible.find("đ\u200b\u200d\ufeffồ")) == [Edit(1, 4, "")]
