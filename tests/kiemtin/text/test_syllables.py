"""What a Vietnamese syllable looks like."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiemtin.text.syllables import (
    diacritic_ratio,
    is_syllable,
    is_vietnamese,
    strip_marks,
    syllable_ratio,
    words_of,
)


@pytest.mark.parametrize(
    "word",
    ["nghiêng", "đường", "khuya", "oai", "quyển", "gì", "y", "nguoi", "ko", "vl"],
)
def test_syllables(word: str) -> None:
    """With diacritics or without, and as people chat."""
    assert is_syllable(word)


@pytest.mark.parametrize("word", ["street", "des", "wow", "school", "ngg", "привет"])
def test_not_syllables(word: str) -> None:
    """Words of other languages mostly do not fit."""
    assert not is_syllable(word)


def test_strip_marks() -> None:
    """Tones, hats and the bar of đ go."""
    assert strip_marks("Đường Về, tiếng Việt ớ") == "Duong Ve, tieng Viet o"


@given(st.text())
def test_strip_marks_is_decomposition(text: str) -> None:
    """Whatever the text, what is left is what decomposing all of it would leave."""
    decomposed = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))

    assert strip_marks(text) == "".join(
        c for c in decomposed if not unicodedata.combining(c)
    )


def test_words() -> None:
    """Words are runs of letters in lower case; numbers and signs divide them."""
    assert words_of("Xin-CHÀO b4n_nhé!") == ["xin", "chào", "b", "n", "nhé"]


def test_ratios() -> None:
    """Ratios are of words; no words are neither without tones nor foreign."""
    assert diacritic_ratio(["đồ", "ngu", "quá", "di"]) == 0.5
    assert diacritic_ratio([]) == 0
    assert syllable_ratio(["xin", "street"]) == 0.5
    assert syllable_ratio([]) == 1


@pytest.mark.parametrize(
    "text",
    [
        "Hôm nay trời đẹp quá cả nhà ơi",
        "hom nay troi dep qua ca nha oi",
        "ko bt ntn luôn á mn ơi hic",
        "hello everybody",
        "😀 😀",
        "123",
        "Giảm giá iPhone 15 Pro Max chính hãng Apple Store Việt Nam",
    ],
)
def test_vietnamese(text: str) -> None:
    """With tones, without them, in chat spelling, mixed, and when too short to say."""
    assert is_vietnamese(text)


@pytest.mark.parametrize(
    "text",
    [
        "This street corner was closed because of the heavy flooding yesterday",
        "今天天气很好我们去公园玩吧",
        "Сегодня очень хорошая погода и мы идём гулять",
        "สวัสดีครับ วันนี้อากาศดีมาก",
    ],
)
def test_other_languages(text: str) -> None:
    """Other scripts and other languages are noticed."""
    assert not is_vietnamese(text)
