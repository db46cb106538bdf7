"""Marks that no letter has go; those of letters stay."""

import pytest

from kiemtin.text.offsets import Edit, apply_edits
from kiemtin.text.steps import marks


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("n\u0338\u0322g\u0337u\u0336", "ngu"),
        ("l\u0336ừ\u0336a\u0336", "lừa"),
        ("1\u20e30\u20e3", "10"),
        ("\u0301 a", " a"),
        ("з\u0430\u0301\u0336\u0337\u0338мок", "замок"),
    ],
)
def test_piled_up_marks_are_removed(text: str, expected: str) -> None:
    """Strokes, keycaps and heaps of marks hide a word from filters, not from people."""
    assert apply_edits(text, marks.find(text))[0] == expected


@pytest.mark.parametrize("text", ["lừa đảo", "за\u0301мок", "كِتَاب", "กี่", "नि"])
def test_marks_of_letters_stay(text: str) -> None:
    """Composed letters, stress in Russian and the vowels of other scripts are read."""
    assert list(marks.find(text)) == []


def test_run_is_one_edit() -> None:
    """A run is one edit, where it stands."""
    assert list(marks.find("ng\u0336\u0337u")) == [Edit(2, 4, "")]
