"""Emoji are kept: they speak."""

import pytest

from kiemtin.text.offsets import apply_edits
from kiemtin.text.steps import emoji


def _stepped(text: str) -> str:
    return apply_edits(text, emoji.find(text))[0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("👍🏽", "👍"),
        ("ok 🙏🏿 nhé", "ok 🙏 nhé"),
    ],
)
def test_skin_tone_is_one(text: str, expected: str) -> None:
    """An emoji is the same in every tone of skin."""
    assert _stepped(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "😂😂",
        "👨\u200d👩\u200d👧",
        "🇻🇳",
        "🏽",
        ":)) =))",
    ],
)
def test_emoji_stay_whole(text: str) -> None:
    """Emoji, their sequences and flags stay as they are."""
    assert _stepped(text) == text
