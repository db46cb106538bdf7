"""Chat spellings become what they stand for."""

import pytest

from kiemtin.text.offsets import apply_edits
from kiemtin.text.steps import teencode


def _stepped(text: str) -> str:
    return apply_edits(text, teencode.find(text))[0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ko biết", "không biết"),
        ("dc rồi", "được rồi"),
        ("thik quá", "thích quá"),
        ("đm mày", "địt mẹ mày"),
        ("KO ĐƯỢC ĐÂU", "KHÔNG ĐƯỢC ĐÂU"),
    ],
)
def test_chat_spelling_is_written_out(text: str, expected: str) -> None:
    """A spelling that can mean one thing only is that thing."""
    assert _stepped(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "5 kg thịt",
        "k k k",
        "ma quỷ",
        "#ko",
        "đi chơi",
    ],
)
def test_what_may_be_something_else_stays(text: str) -> None:
    """Units, names, links, laughter and words that are syllables stay."""
    assert _stepped(text) == text
