"""What the page draws: pieces of a text, numbers as people write them."""

import re
from dataclasses import fields

from hypothesis import given
from hypothesis import strategies as st

from kiemtin.labels import Label, Recommendation
from kiemtin.schemas import ReasonOut
from kiemtin.text import residue
from kiemtin.text.segment import TRACE
from kiemtin.text.steps import STEPS
from serving.console.en import EN
from serving.console.vi import VI
from serving.console.view import pieces_of
from serving.console.words import Words

TEXT = "một hai ba bốn"


def reason(label: Label, start: int, end: int, weight: float) -> ReasonOut:
    """Return a reason that quotes its part of TEXT."""
    return ReasonOut(
        label=label, start=start, end=end, text=TEXT[start:end], weight=weight
    )


reasons = st.lists(
    st.builds(
        lambda label, ends, weight: reason(label, min(ends), max(ends), weight),
        st.sampled_from(Label),
        st.tuples(st.integers(0, len(TEXT)), st.integers(0, len(TEXT))),
        st.floats(0.02, 1),
    )
)


@given(reasons)
def test_pieces_are_the_text(found: list[ReasonOut]) -> None:
    """However reasons overlap, no character is lost, doubled or wrongly marked."""
    pieces = pieces_of(TEXT, found)

    assert "".join(p.text for p in pieces) == TEXT
    at = 0
    for piece in pieces:
        for i in range(at, at + len(piece.text)):
            assert set(piece.labels) == {r.label for r in found if r.start <= i < r.end}
        at += len(piece.text)


def test_the_heaviest_label_comes_first() -> None:
    """Where two labels meet, the piece is drawn in the colour of the heavier one."""
    pieces = pieces_of(
        TEXT, [reason(Label.SPAM, 0, 7, 0.1), reason(Label.SCAM, 4, 10, 0.5)]
    )

    assert [(p.text, p.labels) for p in pieces] == [
        ("một ", (Label.SPAM,)),
        ("hai", (Label.SCAM, Label.SPAM)),
        (" ba", (Label.SCAM,)),
        (" bốn", ()),
    ]


def test_numbers_are_written_as_in_the_language() -> None:
    """Vietnamese has a decimal comma and a space, English has not."""
    assert VI.percent(0.9823) == "98,2 %"
    assert EN.percent(0.9823) == "98.2%"
    assert (VI.round_percent(0.5), EN.round_percent(0.125)) == ("50 %", "12.5%")
    assert (VI.points(0.424), VI.points(0.004)) == ("42", "<1")


def test_both_languages_say_the_same() -> None:
    """Every sentence has the same gaps in both languages, and no word is missing."""
    for field in fields(Words):
        vi, en = getattr(VI, field.name), getattr(EN, field.name)
        if isinstance(vi, str):
            assert vi
            assert sorted(re.findall(r"{\w+}", vi)) == sorted(re.findall(r"{\w+}", en))
        if isinstance(vi, dict):
            assert set(vi) == set(en)


def test_everything_has_its_words() -> None:
    """A new label, recommendation or step of normalization needs words on the page."""
    for words in (VI, EN):
        assert set(words.labels) == set(Label)
        assert set(words.recommendations) == set(Recommendation)
        assert set(words.steps) == {*STEPS, residue.NAME, TRACE}
