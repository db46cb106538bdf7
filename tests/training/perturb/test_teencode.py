"""Chat spelling: the lexicon backwards."""

import random
import re

import pytest

from kiemtin.text.lexicons import TEENCODE
from training.perturb import Half, perturb
from training.perturb.teencode import FORMS, SWAP_HALVES, write_teencode


def forms(meant: str, half: Half) -> set[str]:
    """Return all that *meant* becomes in a hundred draws."""
    return {
        perturb("teencode", meant, seed=s, half=half, strength=1) for s in range(100)
    }


@pytest.mark.parametrize("meant", ["không", "được", "rồi", "biết", "địt mẹ", "lồn"])
def test_common_word_has_several_forms_in_each_half(meant: str) -> None:
    """A model does not learn one spelling by heart."""
    for half in Half:
        written = forms(meant, half)
        assert len(written) > 1
        assert written == set(FORMS[meant][half])
        assert {TEENCODE[w].meant for w in written} == {meant}


def test_halves_share_no_spelling() -> None:
    """No spelling that evaluation uses is ever seen in augmentation."""
    for halves in (*FORMS.values(), SWAP_HALVES):
        assert set(halves[Half.A]).isdisjoint(halves[Half.B])
    assert {w for h in FORMS.values() for x in Half for w in h[x]} == TEENCODE.keys()


def test_draws_of_halves_are_apart() -> None:
    """What comes out of one half never comes out of the other."""
    for meant in FORMS:
        changed = [forms(meant, half) - {meant} for half in Half]
        assert changed[0].isdisjoint(changed[1])


def test_phrase_goes_before_its_words() -> None:
    """A phrase with a short form of its own is not shortened word by word."""
    for half in Half:
        if FORMS["như thế nào"][half]:
            assert forms("như thế nào", half) == set(FORMS["như thế nào"][half])


def test_phrase_does_not_cross_a_sign() -> None:
    """Two words of two sentences are no phrase."""
    texts = {
        write_teencode("Sinh. Nhật", random.Random(s), h, 1)
        for s in range(30)
        for h in Half
    }

    assert all(re.fullmatch(r"\w+\. \w+", t) for t in texts)


def test_case_is_kept() -> None:
    """A shout in chat spelling is a shout."""
    assert all(w.isupper() for h in Half for w in forms("KHÔNG", h))
    assert all(w[0].isupper() for h in Half for w in forms("Không", h))


def test_decomposed_text_is_recognised() -> None:
    """A word typed with combining marks has the same chat spellings."""
    assert forms("kho\u0302ng", Half.A) == set(FORMS["không"][Half.A])
