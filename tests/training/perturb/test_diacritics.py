"""Diacritics lost and moved."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiemtin.text.offsets import apply_edits
from kiemtin.text.steps import tones
from kiemtin.text.syllables import strip_marks
from tests.fixtures.texts import ANY_TEXT
from training.perturb import Half, perturb
from training.perturb.diacritics import move_tones


def test_stripped_words_have_no_marks() -> None:
    """Tones, hats and the bar of đ go."""
    text = "Đường Về tiếng Việt"

    assert perturb("stripped", text, seed=0, half=Half.A) == "Duong Ve tieng Viet"


def test_half_of_the_words_is_stripped() -> None:
    """Some words keep their marks, as people who are in a hurry write."""
    words = perturb("half_stripped", "đường " * 1000, seed=0, half=Half.A).split()

    assert 400 < words.count("duong") < 600
    assert set(words) == {"duong", "đường"}


@given(text=ANY_TEXT, strength=st.floats(0, 1))
def test_only_marks_are_lost(text: str, strength: float) -> None:
    """Stripping the rest gives what stripping the original gives."""
    stripped = perturb("half_stripped", text, seed=0, half=Half.A, strength=strength)

    assert strip_marks(stripped) == strip_marks(text)


def test_other_scripts_keep_their_marks() -> None:
    """The marks of other scripts are letters of theirs."""
    text = "й 한국 ガ"

    assert perturb("stripped", text, seed=0, half=Half.A) == text


@pytest.mark.parametrize(
    ("one", "other"), [("hoà", "hòa"), ("THUÝ", "THÚY"), ("Hoè", "Hòe"), ("uỷ", "ủy")]
)
def test_tone_moves_both_ways(one: str, other: str) -> None:
    """The old way becomes the new and the new the old; the normalizer makes them one."""
    for word, moved in ((one, other), (other, one)):
        assert move_tones(word, random.Random(0), Half.A, 1) == moved
    assert apply_edits(one, tones.find(one))[0] == other


@pytest.mark.parametrize("word", ["quý", "hoàn", "của", "mía", "huỳnh"])
def test_tone_with_one_place_stays(word: str) -> None:
    """Where only one place is right the tone does not move."""
    assert move_tones(word, random.Random(0), Half.A, 1) == word
