"""Letters drawn otherwise."""

import random
import re
import unicodedata

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from kiemtin.text.syllables import strip_marks
from tests.fixtures.texts import ANY_TEXT
from training.perturb import Half, perturb
from training.perturb.glyphs import DRAWN, SPELLED, STYLES, draw_look_alikes
from training.perturb.look_alikes import DIGITS, LOOK_ALIKES

TEXT = "Không biết gì thì đừng nói, lừa đảo vợ chồng người khác quá! SẮP HẾT HẠN "

PLAIN = str.maketrans({a: letter for letter, all_ in LOOK_ALIKES.items() for a in all_})


def drawn(name: str, half: Half) -> set[str]:
    """Return the characters that come into TEXT in a hundred draws."""
    texts = [perturb(name, TEXT, seed=s, half=half, strength=1) for s in range(100)]
    return {c for t in texts for c in unicodedata.normalize("NFD", t)} - set(
        unicodedata.normalize("NFD", TEXT)
    )


@pytest.mark.parametrize("name", ["look_alike", "digits", "styled"])
def test_halves_share_no_glyph(name: str) -> None:
    """No glyph that evaluation draws is ever seen in augmentation."""
    a, b = drawn(name, Half.A), drawn(name, Half.B)

    assert len(a) >= 5
    assert len(b) >= 5
    assert a.isdisjoint(b)


@pytest.mark.parametrize("table", [LOOK_ALIKES, DIGITS])
def test_glyph_stands_for_one_thing(table: dict[str, str]) -> None:
    """A glyph that stood for two letters could be in both halves."""
    glyphs = "".join(table.values())

    assert len(set(glyphs)) == len(glyphs)


def test_look_alikes_are_letters_of_the_same_case() -> None:
    """A look-alike is a letter or a Roman numeral, other than the ASCII ones."""
    for letter, glyphs in LOOK_ALIKES.items():
        assert not glyphs.isascii()
        assert all(regex.fullmatch(r"[\p{L}\p{Nl}℮]", g) for g in glyphs), letter


@given(
    text=ANY_TEXT | st.just(TEXT),
    half=st.sampled_from(Half),
    seed=st.integers(),
    strength=st.floats(0, 1),
)
def test_look_alikes_can_be_read_back(
    text: str, half: Half, seed: int, strength: float
) -> None:
    """With each glyph as its letter, and no marks, the text is what it was."""
    redrawn = draw_look_alikes(text, random.Random(seed), half, strength)

    assert skeleton(redrawn) == skeleton(text)


def skeleton(text: str) -> str:
    """Return *text* as it looks, without its marks."""
    return strip_marks(strip_marks(text).translate(PLAIN))


@pytest.mark.parametrize("name", ["look_alike", "digits"])
@pytest.mark.parametrize("half", Half)
def test_a_word_is_never_redrawn_wholly(name: str, half: Half) -> None:
    """One letter at least stays: a word in another script would be another word."""
    for seed in range(50):
        for word in ("ao", "oai", "tất", "ĐỂ", "i"):
            changed = perturb(name, word, seed=seed, half=half, strength=1)
            assert set(changed) & set(word)
            assert len(word) > 1 or changed == word


def test_digit_takes_the_place_of_letter_and_marks() -> None:
    """A word in leet spelling has lost the marks of the letters that went."""
    texts = {
        perturb("digits", "chết", seed=s, half=h, strength=1)
        for s in range(99)
        for h in Half
    }

    assert {"ch3t", "chế7"} <= texts


def test_styles_are_read_as_their_letters() -> None:
    """Every alphabet has at least half of the letters; the marks stay where they were."""
    for half in Half:
        for style in STYLES[half]:
            named = [style.format(case="SMALL", letter=x) for x in "AEIOUYNGHTC"]
            known = [n for n in named if _is_named(n)]
            assert len(known) > len(named) // 2, style
    for seed in range(30):
        styled = perturb("styled", "người", seed=seed, half=Half.A, strength=1)
        marks = re.findall("[\u0300\u031b]", unicodedata.normalize("NFD", styled))
        assert marks == ["\u031b", "\u031b", "\u0300"]


def _is_named(name: str) -> bool:
    try:
        unicodedata.lookup(name)
    except KeyError:
        return False
    return True


def test_both_halves_have_most_letters() -> None:
    """Neither half is so poor that its figures would say little."""
    for half in Half:
        assert sum(bool(h[half]) for h in DRAWN.values()) > 0.9 * len(DRAWN)
        assert sum(bool(h[half]) for h in SPELLED.values()) > 0.6 * len(SPELLED)
