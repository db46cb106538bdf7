"""The table of letters that are taken for Latin ones."""

import unicodedata

import pytest

from kiemtin.text.lexicons.look_alikes import DRAWN, LATIN, VIETNAMESE


def test_each_leads_to_one_vietnamese_letter() -> None:
    """A letter for a letter: so every place in a text stays where it was."""
    assert all(len(a) == len(b) == 1 for a, b in LATIN.items())
    assert all(b.isascii() or b in VIETNAMESE for b in LATIN.values())


def test_no_letter_of_vietnamese_is_taken_for_another() -> None:
    """The letters of the alphabet itself are never changed."""
    assert VIETNAMESE.isdisjoint(LATIN)
    assert not any(a.isascii() for a in LATIN)


def test_case_is_kept() -> None:
    """A capital is taken for a capital, where its alphabet has capitals."""
    wrong = {
        a: b
        for a, b in LATIN.items()
        if unicodedata.name(a).startswith(("LATIN", "GREEK", "CYRILLIC"))
        and (a.isupper(), a.islower()) == (b.islower(), b.isupper())
        and a not in "ƄЬ"
    }

    assert wrong == {}


@pytest.mark.parametrize(
    ("letter", "latin"),
    [
        ("а", "a"),
        ("І", "I"),
        ("Ð", "Đ"),
        ("ǎ", "ă"),
        ("ö", "o"),
        ("ό", "ó"),
        ("ñ", "n"),
    ],
)
def test_marks_are_those_of_vietnamese(letter: str, latin: str) -> None:
    """Marks that Vietnamese has are kept, others go."""
    assert LATIN[letter] == latin


def test_unicode_calls_them_confusable() -> None:
    """The rows that are Unicode's are in its list of confusables."""
    unicode = pytest.importorskip("confusable_homoglyphs.confusables")
    table = unicode.confusables_data

    for drawn, letter in DRAWN.items():
        found = {c["c"] for c in table.get(drawn, ())}
        if found and "l" not in found:
            assert letter in found or not any(c.isascii() for c in found)
