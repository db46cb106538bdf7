"""Stretched letters and piled-up signs become short."""

import pytest

from kiemtin.text.offsets import Edit, apply_edits
from kiemtin.text.steps import stretches


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("nguuuu quáááá", "ngu quá"),
        ("trời ơiiii!!!!!!", "trời ơi!!!"),
        ("haizzzz......", "haiz..."),
        ("____", "___"),
        ("😀😀😀😀😀", "😀😀😀"),
        ("xoong coong", "xoong coong"),
        ("1000000đ", "1000000đ"),
        ("!!!", "!!!"),
        ("Aaa", "Aaa"),
        ("NGUUUU NGUuuu", "NGU NGU"),
        ("quáaaa nhéee thếee ạaa", "quá nhé thế ạ"),
        ("khôooong cứuuu", "không cứu"),
        ("thôii đii rồii nhaa hữuu", "thôi đi rồi nha hữu"),
        ("vlllll đmmm", "vl đm"),
        ("kkkkk aaaa", "kkk aaa"),
        ("vl" + "u" * 100, "vlu"),
        ("<<<<>>>>", "<<<<>>>>"),
        ("a     b", "a     b"),
    ],
)
def test_stretch_becomes_short(text: str, expected: str) -> None:
    """A letter stays once, a sign three times, digits and spaces as they are."""
    assert apply_edits(text, stretches.find(text))[0] == expected


@pytest.mark.parametrize(
    "text",
    [
        "Đại hội XIII, chương VIII, xviii",
        "PCCC CCCD TTTM pccc cccd IEEE SAA",
        "too see app bass Hawaii Kii idée",
        "nguu huu",
        "hmmm www",
    ],
)
def test_real_words_are_not_shortened(text: str) -> None:
    """Numerals, acronyms, English, and syllables that only look stretched."""
    assert apply_edits(text, stretches.find(text))[0] == text


def test_edits_ascend() -> None:
    """Signs and letters come in the order of the text."""
    assert list(stretches.find("!!!! ngaaa")) == [Edit(0, 4, "!!!"), Edit(7, 10, "a")]
