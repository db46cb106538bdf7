"""Letters and their marks become one character."""

import unicodedata

import pytest

from kiemtin.text.offsets import Edit, apply_edits
from kiemtin.text.steps import composition


@pytest.mark.parametrize(
    "text", ["Tiếng Việt", "ợ", "Đường về", "각하", "क़", "a\u0323\u0302"]
)
def test_decomposed_is_composed(text: str) -> None:
    """Whatever form a text comes in, it leaves in NFC."""
    decomposed = unicodedata.normalize("NFD", text)
    composed = unicodedata.normalize("NFC", text)

    assert apply_edits(decomposed, composition.find(decomposed))[0] == composed


def test_marks_in_the_wrong_order_are_sorted() -> None:
    """A circumflex typed after the dot below makes the same letter."""
    text = "Vie\u0323\u0302t"

    assert apply_edits(text, composition.find(text))[0] == "Việt"


@pytest.mark.parametrize(
    "marks", ["\u0323\u0302", "\u0302\u0323", "\u0302\u0323\u0338"]
)
def test_heap_of_marks_is_cut_in_either_form(marks: str) -> None:
    """Of a heap the same marks are read, composed or not, in whatever order."""
    text = "e" + marks * 40
    forms = [unicodedata.normalize(f, text) for f in ("NFC", "NFD")]
    cut = {apply_edits(f, composition.find(f))[0] for f in forms}

    assert len(cut) == 1
    assert len(cut.pop()) < 15


def test_only_clusters_that_change_are_edits() -> None:
    """Letters beside a decomposed one keep their place."""
    assert list(composition.find("bà ba\u0300 b")) == [Edit(4, 6, "à")]


def test_composed_text_needs_nothing() -> None:
    """Text from most keyboards is already composed."""
    assert list(composition.find("Tiếng Việt")) == []
