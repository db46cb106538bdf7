"""A swapped text is a sentence still, about something else."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiemtin.text.syllables import strip_marks
from training.politics import is_political, political_spans
from training.politics.matching import matches
from training.politics.swapping import leave_out, swap
from training.politics.terms import all_terms, counterparts

TEXTS = st.lists(
    st.sampled_from(
        [t.text for t in all_terms() if t.group] + ["là", "ngu", "!", "ok."]
    )
).map(" ".join)


def test_a_political_term_becomes_an_everyday_one() -> None:
    """It stays within its group and the rest of the sentence stays."""
    text = swap("Ông bộ trưởng nói hay.", random.Random(1))

    assert text.removeprefix("Ông ").removesuffix(" nói hay.") in counterparts(
        "offices", political=True
    )


def test_an_everyday_term_becomes_a_political_one() -> None:
    """The way back is taught, too: a shop is insulted as a ministry is."""
    assert is_political(swap("giám đốc này ngu quá", random.Random(1)))


@given(TEXTS, st.integers(0, 2**32))
def test_swapping_keeps_the_rest(text: str, seed: int) -> None:
    """What is between the terms stays, letter by letter; the same seed, the same text."""
    swapped = swap(text, random.Random(seed))
    rest = [w for w in text.split() if w in {"là", "ngu", "!", "ok."}]

    assert [w for w in swapped.split() if w in {"là", "ngu", "!", "ok."}] == rest
    assert swapped == swap(text, random.Random(seed))


def test_sides_change() -> None:
    """A term of politics becomes none, and an everyday one becomes one."""
    stayed = [
        term.text
        for term in all_terms()
        if term.group
        and is_political(swap(f"Đây là {term.text}!", random.Random(3)))
        == term.political
    ]

    assert stayed == []


@pytest.mark.parametrize(
    ("model", "like"),
    [
        ("CHÍNH PHỦ", str.isupper),
        ("chính phủ", str.islower),
        ("Chính phủ", lambda s: s[0].isupper() and s[1:].islower()),
        ("Chính Phủ", lambda s: all(w[0].isupper() for w in s.split())),
    ],
)
def test_capitals_stay(model: str, like: object) -> None:
    """All, none, the first, or the first of each syllable."""
    for seed in range(10):
        assert like(swap(model, random.Random(seed)))  # type: ignore[operator]


@given(TEXTS, st.integers(0, 99))
def test_text_without_marks_gets_none(text: str, seed: int) -> None:
    """What was typed without diacritics is so again."""
    bare = strip_marks(text)
    swapped = swap(bare, random.Random(seed))

    assert strip_marks(swapped) == swapped


def test_links_and_mentions_stay() -> None:
    """A name in a link is no word of the sentence."""
    text = "xem @dân và https://x.vn/đảng ngay"

    assert swap(text, random.Random(0)) == text


@given(TEXTS)
def test_what_is_left_out_is_gone(text: str) -> None:
    """Nothing political is left, unless nothing else was there."""
    left = leave_out(text)

    assert left == text or len(political_spans(left)) < len(political_spans(text))
    assert "  " not in left


def test_leaving_out_keeps_everyday_words() -> None:
    """Only politics goes, with one of the spaces around it."""
    assert leave_out("Ông giám đốc và chính phủ cãi nhau") == (
        "Ông giám đốc và cãi nhau"
    )


def test_a_text_of_nothing_else_stays() -> None:
    """An empty text teaches nothing."""
    assert leave_out("Công an!") == "Công an!"


def test_matches_are_as_many_after_a_swap() -> None:
    """Each term gets one in its place."""
    text = "chính phủ và nhân dân, trung quốc với hoa kỳ."

    assert len(list(matches(swap(text, random.Random(2))))) == 4
