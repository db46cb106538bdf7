"""Typos and stretched letters."""

import pytest

from training.perturb import Half, perturb
from training.perturb.slips import KINDS, LENGTHS


def slips(word: str, half: Half) -> set[str]:
    """Return all that comes of *word* in many draws."""
    return {
        perturb("typos", word, seed=s, half=half, strength=1) for s in range(300)
    } - {word}


@pytest.mark.parametrize(
    ("word", "slip"),
    [
        ("không", "khôgn"),
        ("không", "khôg"),
        ("không", "khôông"),
        ("không", "khônh"),
        ("được", "đươcj"),
        ("cũng", "củng"),
    ],
)
def test_slips_are_those_that_people_make(word: str, slip: str) -> None:
    """Letters swap, drop, double, miss; tones come late or are confused."""
    assert slip in slips(word, Half.A) | slips(word, Half.B)


def test_halves_share_no_kind_of_slip() -> None:
    """A slip of evaluation is of no kind that augmentation makes."""
    assert set(KINDS[Half.A]).isdisjoint(KINDS[Half.B])
    assert slips("được", Half.A).isdisjoint(slips("được", Half.B))


def test_word_keeps_most_of_its_letters() -> None:
    """One slip is made in a word, and none in a short one."""
    for half in Half:
        assert slips("ơi", half) == set()
        for slip in slips("nghiêng", half):
            assert abs(len(slip) - len("nghiêng")) <= 1


def test_last_letter_is_drawn_out() -> None:
    """The last letter comes again and again, with its marks or without."""
    for half in Half:
        drawn = {
            perturb("stretched", "quá", seed=s, half=half, strength=1)
            for s in range(100)
        }
        lengths = {int(n) for n in LENGTHS[half]}
        assert drawn == {f"quá{last * (n - 1)}" for n in lengths for last in ("á", "a")}
