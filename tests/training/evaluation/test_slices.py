"""Rows fall into slices by what they have in common, whatever their labels."""

import unicodedata
from collections import Counter
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from training.corpora.row import Head, Row
from training.evaluation.scored import Scored
from training.evaluation.slices import by_corpus, slices


def _row(text: str, *, time: datetime | None = None, number: int = 1) -> Row:
    return Row("vihsd", f"train:{number}", text, Head.HARM, {}, time=time)


def _names(row: Row) -> set[str]:
    return set(slices([row])) - {"corpus.vihsd"}


@pytest.mark.parametrize(
    ("n_syllables", "name"),
    [(1, "short"), (10, "short"), (11, "middle"), (40, "middle"), (41, "long"),
     (256, "long"), (257, "longest")],
)  # fmt: skip
def test_length_is_in_syllables(n_syllables: int, name: str) -> None:
    """Where one length ends the next begins."""
    assert f"length.{name}" in _names(_row("nhà " * n_syllables))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("hôm nay trời đẹp quá", "full"),
        ("hom nay trời dep qua ha", "partial"),
        ("hom nay troi dep qua", "none"),
    ],
)
def test_diacritics_are_a_slice(text: str, name: str) -> None:
    """Texts with most, few and no diacritics are told apart."""
    assert f"diacritics.{name}" in _names(_row(text))


def test_a_short_text_may_have_no_diacritics() -> None:
    """Of three syllables nobody knows whether marks are missing."""
    assert not any(n.startswith("diacritics") for n in _names(_row("em xin ad")))


def test_decomposed_letters_are_no_other_text() -> None:
    """How a letter is encoded moves a text into no other slice."""
    composed = "việc nước và dân tộc"
    decomposed = unicodedata.normalize("NFD", composed)

    assert _names(_row(composed)) == _names(_row(decomposed))


def test_politics_is_a_slice() -> None:
    """A text with a term of politics is held against those without."""
    assert "political" in _names(_row("chính phủ vừa họp"))
    assert "not_political" in _names(_row("cả nhà vừa ăn"))


def test_a_month_is_one_of_vietnam() -> None:
    """Late in the evening of the last day in London it is the next month in Hanoi."""
    row = _row("chào", time=datetime(2020, 2, 29, 18, tzinfo=UTC))

    assert "time.2020-03" in _names(row)


@settings(deadline=None)
@given(st.lists(st.text(max_size=60), min_size=1, max_size=8))
def test_no_text_is_left_out_or_counted_twice(texts: list[str]) -> None:
    """Any text is in one slice of length, one of politics and one of its corpus."""
    rows = [_row(t, number=i) for i, t in enumerate(texts)]
    found = slices(rows)

    for kind in ("length.", "corpus."):
        members = [i for n, at in found.items() if n.startswith(kind) for i in at]
        assert sorted(members) == list(range(len(rows)))
    both = [*found.get("political", []), *found.get("not_political", [])]
    assert sorted(both) == list(range(len(rows)))


def test_slices_are_taken_apart_by_corpus(scored: Scored) -> None:
    """A slice of two corpora becomes one of each."""
    found = by_corpus(scored.rows, slices(scored.rows))

    for (_, corpus), at in found.items():
        assert Counter(scored.rows[i].corpus for i in at) == {corpus: len(at)}
