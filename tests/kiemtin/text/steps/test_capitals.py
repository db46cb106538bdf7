"""Capitals mean something only among small letters."""

import pytest

from kiemtin.text.steps.capitals import is_shouted


@pytest.mark.parametrize(
    ("text", "shouted"),
    [
        ("CÚT ĐI", True),
        ("Cút đi", False),
        ("CÚT đi", True),
        ("123 !", False),
        ("", False),
    ],
)
def test_shouting_is_more_than_half(text: str, *, shouted: bool) -> None:
    """Digits and signs have no say in it."""
    assert is_shouted(text) is shouted
