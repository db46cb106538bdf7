"""What is left of a text that would never come to rest."""

from hypothesis import given

from kiemtin.text import normalize, residue
from kiemtin.text.offsets import apply_edits
from tests.kiemtin.text.pieces import TEXT


@given(TEXT)
def test_no_step_finds_anything_in_it(text: str) -> None:
    """Normalizing the residue of any text changes nothing."""
    left = apply_edits(text, residue.find(text))[0]

    assert normalize(left).text == left
    assert normalize(left).maps == ()


def test_words_are_kept() -> None:
    """Syllables and plain words stay; chat spelling, numbers and signs go."""
    text = "&amp; lừa đảo!! ko 123 gửi sale, hoà"

    assert apply_edits(text, residue.find(text))[0] == "amp lừa đảo gửi sale"


def test_endless_entities_come_to_rest() -> None:
    """Entities in entities, deeper than there are passes, leave words."""
    normalized = normalize("&#" * 20 + "x78;" + "78;" * 19 + " lừa đảo")

    assert residue.NAME in normalized.trace
    assert "lừa đảo" in normalized.text
    assert normalize(normalized.text).text == normalized.text
