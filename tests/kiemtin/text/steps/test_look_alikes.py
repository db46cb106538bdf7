"""Letters of other alphabets that only look Latin."""

import pytest

from kiemtin.text.offsets import apply_edits
from kiemtin.text.steps import look_alikes


def _stepped(text: str) -> str:
    return apply_edits(text, look_alikes.find(text))[0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("lừа đảо", "lừa đảo"),
        ("сhuyển khoản", "chuyển khoản"),
        ("nhập ОTР", "nhập OTP"),
        ("inbох", "inbox"),
    ],
)
def test_look_alike_becomes_latin(text: str, expected: str) -> None:
    """In a Vietnamese word, or a word that mixes alphabets, the letter is the one that it looks like."""
    assert _stepped(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Привет, как дела?",
        "Καλημέρα",
        "5 μg",
        "Δt = 3",
        "Þorláksmessa",
        "за\u0301мок",
    ],
)
def test_other_languages_stay(text: str) -> None:
    """Real Russian, Greek, science and Icelandic are what they are."""
    assert _stepped(text) == text
