"""Which strings are spelled like Vietnamese syllables."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiemtin.text.spelling import N_MOST, is_spelled, read_syllables

SYLLABLES = [
    "lừa",
    "đảo",
    "nghiêng",
    "chết",
    "anh",
    "em",
    "khuya",
    "quốc",
    "gì",
    "giếng",
]


@pytest.mark.parametrize(
    "word", [*SYLLABLES, "ngu", "duong", "đat", "yêu", "xoong", "giẻ"]
)
def test_syllables(word: str) -> None:
    """Marked, wholly without marks, or with a tone that was lost."""
    assert is_spelled(word)


@pytest.mark.parametrize(
    "word",
    ["see", "app", "ka", "kă", "vềc", "chết̉", "lứà", "đèt", "nghành", "", "a" * 99],
)
def test_not_syllables(word: str) -> None:
    """Foreign words, two tones, a falling tone on a stop, the wrong onset."""
    assert not is_spelled(word)


@pytest.mark.parametrize(
    ("letters", "words"),
    [
        ("lừađảo", "lừa đảo"),
        ("chothue", "cho thue"),
        ("occho", "oc cho"),
        ("anhem", "anh em"),
        ("congan", "cong an"),
        ("hộinhữngngườigiàneođơn", "hội những người già neo đơn"),
        ("aem", ""),
        ("smlạ", ""),
        ("", ""),
    ],
)
def test_letters_read_as_the_likeliest_syllables(letters: str, words: str) -> None:
    """Few and common syllables of two letters or more; none if any letter is left."""
    ends = read_syllables(letters)

    assert " ".join(letters[a:b] for a, b in pairwise([0, *ends])) == words


@given(st.lists(st.sampled_from(SYLLABLES), min_size=1))
def test_syllables_without_gaps_can_be_read(words: list[str]) -> None:
    """What syllables make is syllables, perhaps others."""
    letters = "".join(words)
    ends = read_syllables(letters)

    assert ends[-1] == len(letters)
    assert all(is_spelled(letters[a:b]) for a, b in pairwise([0, *ends]))
    assert all(2 <= b - a <= N_MOST for a, b in pairwise([0, *ends]))
