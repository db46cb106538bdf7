"""Digits are read as letters in words, and as digits in codes and counts."""

import pytest

from kiemtin.text.offsets import Edit, apply_edits
from kiemtin.text.steps import digits


def _read(text: str) -> str:
    return apply_edits(text, digits.find(text))[0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ch3t ng4u l0n d1t", "chet ngau lon dit"),
        ("đồ n9u si", "đồ ngu si"),
        ("V4Y TIỀN NHANH", "VAY TIỀN NHANH"),
        ("Ch1êm, đ4ng", "Chiêm, đang"),
        ("đư0c, kh0ng", "đưoc, khong"),
        ("fr33 s3x te1e", "free sex tele"),
        ("c@c v@i t!ền", "cac vai tiền"),
        ("l@ ai, nh€", "la ai, nhe"),
        ("ch0 t0i", "cho toi"),
    ],
)
def test_digits_inside_words_are_letters(text: str, expected: str) -> None:
    """Where digits and letters together make a syllable or a word that is hidden."""
    assert _read(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("5OOk, 1O phút", "500k, 10 phút"),
        ("O9OO 0O0 355", "0900 000 355"),
        ("5ook", "500k"),
    ],
)
def test_letters_in_numbers_are_zeros(text: str, expected: str) -> None:
    """An O among digits is a zero that hides a number."""
    assert _read(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "a4 b12 f1 m1 x3 q1 s9",
        "covid19 h5n1 mp3 win10 iphone15",
        "3g 5k 4m 20h30 2k4 1tr5",
        "H2O CO2 O2 A1B 12a1",
        "th4, thứ4, số1, lan1, tập3",
        "30oC, 105o15",
        "đi!mai, đ!",
        "user@host",
    ],
)
def test_codes_and_counts_stay(text: str) -> None:
    """Models, vitamins, units, angles and days of the week are what they are."""
    assert _read(text) == text


def test_doubtful_words_need_a_sure_one() -> None:
    """The text m1 x3 is mi xe only beside a word that is surely written with digits."""
    assert _read("m1 x3") == "m1 x3"
    assert _read("b4n gấp m1 x3") == "ban gấp mi xe"


def test_each_digit_is_an_edit() -> None:
    """Letters keep their places."""
    assert list(digits.find("đồ ch3t")) == [Edit(5, 6, "e")]
