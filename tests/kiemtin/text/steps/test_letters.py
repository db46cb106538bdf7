"""Loose letters read as words."""

import pytest

from kiemtin.text.offsets import Edit
from kiemtin.text.steps.letters import join_letters, read_letters


@pytest.mark.parametrize(
    ("letters", "ends"),
    [
        ("lừađảo", [3, 6]),
        ("NGU", [3]),
        ("sex", [3]),
        ("đcm", [3]),
        ("xyz", []),
        ("", []),
    ],
)
def test_letters_are_read(letters: str, ends: list[int]) -> None:
    """As syllables, or as a word that people are known to hide."""
    assert read_letters(letters) == ends


def test_letters_of_another_length_in_small_are_none() -> None:
    """A capital that is two small letters would shift all that follows."""
    assert read_letters("İt") == []


def test_gaps_go_or_become_a_space() -> None:
    """Inside a word a gap goes, where one ends it becomes a space; none is no edit."""
    edits = join_letters([0, 2, 3, 5], [3, 4])

    assert list(edits) == [Edit(1, 2, ""), Edit(4, 5, " ")]
