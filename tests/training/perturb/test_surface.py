"""Punctuation and capitals lost."""

import regex
from hypothesis import given

from tests.fixtures.texts import ANY_TEXT
from training.perturb import Half, perturb


def test_signs_become_spaces() -> None:
    """Punctuation and emoji go; words, numbers and links stay."""
    text = perturb(
        "unpunctuated",
        "Xem ngay!!! 😂 https://a.vn/b giá 1.500k, nhé.",
        seed=0,
        half=Half.A,
    )

    assert text.split() == ["Xem", "ngay", "https://a.vn/b", "giá", "1.500k", "nhé"]


@given(text=ANY_TEXT)
def test_words_survive(text: str) -> None:
    """Only signs are lost: letters and digits are all there."""
    kept = regex.compile(r"[\p{L}\p{N}\p{M}]")

    bare = perturb("unpunctuated", text, seed=0, half=Half.A)

    assert kept.findall(bare) == kept.findall(text)


def test_capitals_become_small() -> None:
    """A shout is lowered; a link keeps its capitals."""
    text = perturb("uncased", "GẤP LẮM https://A.vn/B", seed=0, half=Half.B)

    assert text == "gấp lắm https://A.vn/B"
