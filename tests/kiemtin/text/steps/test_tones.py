"""Both ways of placing a tone are one."""

import pytest

from kiemtin.text.offsets import Edit, apply_edits
from kiemtin.text.steps import tones


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("hoà", "hòa"),
        ("khoẻ", "khỏe"),
        ("thuỷ", "thủy"),
        ("HOÀ Hoà HOÁ", "HÒA Hòa HÓA"),
        ("Oà khóc", "Òa khóc"),
        ("hoàn toàn", "hoàn toàn"),
        ("quý quỹ QUÝ", "quý quỹ QUÝ"),
        ("xoè ra", "xòe ra"),
        ("hoài", "hoài"),
        ("hòa", "hòa"),
        ("tuy hoa", "tuy hoa"),
    ],
)
def test_tone_goes_where_schools_put_it(text: str, expected: str) -> None:
    """An open syllable moves its tone; a closed one and one after q keep it."""
    assert apply_edits(text, tones.find(text))[0] == expected


def test_edit_covers_the_vowels_alone() -> None:
    """Consonants keep their place."""
    assert list(tones.find("sức khoẻ")) == [Edit(6, 8, "ỏe")]
