"""One letter swapped for another."""

import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiemtin.text.lexicons import SWAPS
from tests.fixtures.texts import ANY_TEXT
from training.perturb.swaps import swap_letters

RULES = ["\t".join(s[:3]) for s in SWAPS]


@pytest.mark.parametrize(
    ("word", "rule", "swapped"),
    [
        ("phố", "onset\tph\tf", "fố"),
        ("quên", "onset\tqu\tw", "wên"),
        ("giờ", "onset\tgi\tj", "jờ"),
        ("thằng", "coda\tng\tg", "thằg"),
        ("nhiều", "nucleus\tiêu\tiu", "nhìu"),
        ("người", "nucleus\tươi\tưi", "ngừi"),
        ("yêu", "nucleus\tyêu\tiu", "iu"),
        ("mình", "nucleus\ti\tj", "mjnh"),
        ("Rồi", "nucleus\tôi\tôy", "Rồy"),
        ("CŨNG", "onset\tc\tk", "KŨNG"),
        ("kho\u0302ng", "coda\tng\tg", "khôg"),
    ],
)
def test_rule_applies_in_its_place(word: str, rule: str, swapped: str) -> None:
    """The tone stays on the syllable unless the letter cannot bear it."""
    assert swap_letters(word, random.Random(0), [rule]) == swapped


@pytest.mark.parametrize(
    ("word", "rule"),
    [
        ("phố", "coda\tng\tg"),
        ("ngang", "onset\tn\tl"),
        ("gì", "onset\tgi\tj"),
        ("street", "onset\ts\tx"),
        ("chiều", "onset\tc\tk"),
        ("", "onset\tc\tk"),
    ],
)
def test_rule_applies_nowhere_else(word: str, rule: str) -> None:
    """A rule needs the whole of an onset, nucleus or coda, in a syllable."""
    assert swap_letters(word, random.Random(0), [rule]) == word


@given(word=ANY_TEXT, seed=st.integers())
def test_any_word_is_taken(word: str, seed: Any) -> None:
    """What is no syllable comes back as it was."""
    swap_letters(word, random.Random(seed), RULES)


def test_every_rule_fits_some_word() -> None:
    """No rule is dead."""
    words = (
        "phố quên nghe ghen giờ dễ vui cũng bạn trời sao xinh rồi lắm tiên nhiều yêu được "  # noqa: SIM905 -- reads as a list of words
        "người muốn tuổi nói tôi với mình kính thích hết bàn giữ".split()
    )

    dead = [
        r
        for r in RULES
        if all(swap_letters(w, random.Random(0), [r]) == w for w in words)
    ]

    assert dead == []
