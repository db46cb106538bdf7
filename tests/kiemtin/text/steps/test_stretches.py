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
        ("<<<<>>>>", "<<<<>>>>"),
        ("a     b", "a     b"),
    ],
)
def test_stretch_becomes_short(text: str, expected: str) -> None:
    """A letter stays once, a sign three times, digits and spaces as they are."""
    assert apply_edits(text, stretches.find(text))[0] == expected


def test_edits_ascend() -> None:
    """Signs and letters come in the order of the text."""
    assert list(stretches.find("!!!! nguuu")) == [Edit(0, 4, "!!!"), Edit(7, 10, "u")]
