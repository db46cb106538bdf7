"""The lists of words that people hide."""

import pytest

from kiemtin.text.lexicons.hidden import HIDDEN, LOANS, ONSETLESS
from kiemtin.text.spelling import is_spelled


@pytest.mark.parametrize("words", [LOANS, HIDDEN, ONSETLESS])
def test_words_are_small_letters(words: frozenset[str]) -> None:
    """They are compared with words in lower case."""
    assert all(w.isalpha() and w == w.lower() for w in words)


def test_onsetless_words_are_syllables() -> None:
    """Each begins with a vowel and is spelled as it should be."""
    assert [w for w in ONSETLESS if not is_spelled(w)] == []
