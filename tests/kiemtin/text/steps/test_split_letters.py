"""Letters of a word with spaces or signs between them."""

import pytest

from kiemtin.text.offsets import apply_edits
from kiemtin.text.steps import split_letters


def _stepped(text: str) -> str:
    return apply_edits(text, split_letters.find(text))[0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("l ừ a  đ ả o", "lừa  đảo"),
        ("n.g.u", "ngu"),
        ("đồ n-g-u", "đồ ngu"),
        ("l_ừ_a", "lừa"),
        ("c h ế t đi", "chết đi"),
    ],
)
def test_split_word_is_joined(text: str, expected: str) -> None:
    """What makes Vietnamese syllables, or a word that people hide, is put together."""
    assert _stepped(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "a e ơi",
        "T.P. H.C.M",
        "v.v",
        "a.b.c",
        "U.S.A",
        "k có j",
        "1 2 3 4",
        "A B C D",
    ],
)
def test_initials_and_single_letters_stay(text: str) -> None:
    """Initials, lists and the single letters of a chat are no split word."""
    assert _stepped(text) == text
