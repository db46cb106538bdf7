"""Words with something between their letters."""

import random
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from tests.fixtures.texts import ANY_TEXT
from training.perturb import Half, perturb
from training.perturb.gaps import INVISIBLE, SEPARATORS, add_invisible, split_words

STRENGTHS = st.floats(0, 1)
HALVES = st.sampled_from(Half)


def without(text: str, signs: str) -> str:
    """Return *text* without *signs* and without any space."""
    return "".join(c for c in text if c not in signs and not c.isspace())


@given(text=ANY_TEXT, half=HALVES, seed=st.integers(), strength=STRENGTHS)
def test_split_words_can_be_joined(
    text: str, half: Half, seed: int, strength: float
) -> None:
    """Without the signs and spaces a split text is what it was."""
    signs = "".join(SEPARATORS[half])
    split = split_words(text, random.Random(seed), half, strength)

    assert without(split, signs) == without(text, signs)


@given(text=ANY_TEXT, half=HALVES, seed=st.integers(), strength=STRENGTHS)
def test_invisible_characters_are_all_that_is_added(
    text: str, half: Half, seed: int, strength: float
) -> None:
    """Without them the text is letter for letter what it was."""
    gone = str.maketrans("", "", "".join(INVISIBLE[half]))
    filled = add_invisible(text, random.Random(seed), half, strength)

    assert filled.translate(gone) == text.translate(gone)


def test_halves_share_no_sign() -> None:
    """In many draws no sign of one half comes out of the other."""
    text = "không biết lừa đảo " * 5
    for name, table in (("split", SEPARATORS), ("zero_width", INVISIBLE)):
        added = {
            half: {
                c
                for seed in range(100)
                for c in perturb(name, text, seed=seed, half=half, strength=1)
            }
            - set(text)
            for half in Half
        }
        assert added[Half.A].isdisjoint(added[Half.B])
        assert added[Half.A] | added[Half.B] | {" "} == {
            *table[Half.A],
            *table[Half.B],
            " ",
        }


def test_one_text_is_split_by_one_sign() -> None:
    """Who hides words hides them in one manner."""
    for seed in range(20):
        text = perturb("split", "ngu dốt", seed=seed, half=Half.A, strength=1)
        assert len(set(text) - set("ngu dốt")) == 1


def test_spaced_words_stay_apart() -> None:
    """Where a space divides letters, two and more divide words."""
    half = next(h for h in Half if " " in SEPARATORS[h])
    split = {
        perturb("split", "lừa đảo", seed=s, half=half, strength=1) for s in range(200)
    }

    assert " l ừ a   đ ả o " in split


def test_marks_stay_with_their_letter() -> None:
    """A tone that is typed apart is not split from its vowel."""
    text = "nge\u0301"
    for seed in range(50):
        split = perturb("split", text, seed=seed, half=Half.A, strength=1)
        assert ("e", "\u0301") in set(pairwise(split))
