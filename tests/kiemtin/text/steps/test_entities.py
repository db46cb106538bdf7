"""HTML entities become characters, however often they were escaped."""

import pytest

from kiemtin.text.offsets import Edit, apply_edits
from kiemtin.text.steps import entities


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("l&#7915;a &#x111;&#X1EA3;o", "lừa đảo"),
        ("&quot;c&ugrave;ng&quot; &lt;3", '"cùng" <3'),
        ("&amp;amp;amp;lt;", "<"),
        ("&#38;#x26;lt;", "<"),
        ("&amp;amp;unknown;", "&unknown;"),
        ("r&atildei,&nbspsạch", "rãi,\u00a0sạch"),
        ("&#0; &#x110000; &#xd800;", "\ufffd \ufffd \ufffd"),
    ],
)
def test_entity_becomes_its_character(text: str, expected: str) -> None:
    """Named or numbered, escaped once or many times, or cut off by a broken export."""
    assert apply_edits(text, entities.find(text))[0] == expected


@pytest.mark.parametrize(
    "text", ["AT&T", "R&D;", "?a=1&copy=2&lt=3", "& amp;", "&#;", "&unknown;", "nbsp"]
)
def test_other_ampersands_stay(text: str) -> None:
    """Names of firms and the parameters of an address are no entities."""
    assert apply_edits(text, entities.find(text)) == (text, None)


def test_layers_are_one_edit() -> None:
    """All the escaping of one character is one edit, where it stands."""
    assert list(entities.find("a &amp;amp;lt; b")) == [Edit(2, 14, "<")]
