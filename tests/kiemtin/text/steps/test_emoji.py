"""Emoji stay, whatever the skin."""

import pytest

from kiemtin.text.offsets import Edit, apply_edits
from kiemtin.text.steps import emoji


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("👍🏽👍🏿", "👍👍"),
        ("👩🏻\u200d⚕", "👩\u200d⚕"),
        ("😀 🇻🇳 ❤", "😀 🇻🇳 ❤"),
        ("🏽", "🏽"),
    ],
)
def test_skin_tones_are_one(text: str, expected: str) -> None:
    """A thumb is a thumb; what stands alone is a colour, and stays."""
    assert apply_edits(text, emoji.find(text))[0] == expected


def test_edit_covers_the_tone_alone() -> None:
    """The emoji itself keeps its place."""
    assert list(emoji.find("ok 👍🏽")) == [Edit(4, 5, "")]
