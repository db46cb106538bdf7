"""HTML entities become the characters that they stand for."""

import pytest

from kiemtin.text.offsets import apply_edits
from kiemtin.text.steps import entities


def _stepped(text: str) -> str:
    return apply_edits(text, entities.find(text))[0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("&lt;b&gt;", "<b>"),
        ("l&#7915;a", "lừa"),
        ("l&#x1EEB;a", "lừa"),
        ("xin ch&agrave;o", "xin chào"),
        ("a &amp; b", "a & b"),
        ("&amp;amp;lt;", "<"),
        ("ch&agraveo", "chào"),
        ("a&nbsp;b", "a\u00a0b"),
    ],
)
def test_entity_is_read(text: str, expected: str) -> None:
    """Named, numbered and escaped again and again, an entity is its character."""
    assert _stepped(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "AT&T",
        "a.vn?x=1&copy=2",
        "&khongco;",
        "R&D 50%",
        "& &; &#;",
    ],
)
def test_what_is_no_entity_stays(text: str) -> None:
    """An ampersand, an address and an unknown name are left alone."""
    assert _stepped(text) == text
