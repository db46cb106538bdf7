"""Lengths and ways of writing."""

import unicodedata

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.training.auditing.conftest import MakeRow
from training.auditing.texts import TextFigures, measure, text_figures
from training.corpora.row import Head, Row

MARKED = "Hôm nay trời đẹp quá"
BARE = "Hom nay troi dep qua"
PARTLY = "Hom nay troi đep qua"


def _figures(*texts: str) -> TextFigures:
    rows = [Row("c", f"f:{i}", t, Head.HARM) for i, t in enumerate(texts)]
    return text_figures(measure(rows), np.arange(len(rows)))


def test_diacritics_of_all_some_and_none() -> None:
    """A text without any diacritic is not one with a few, nor one with all."""
    figures = _figures(MARKED, BARE, PARTLY, MARKED)

    assert figures.without_diacritics == 0.25
    assert figures.partial_diacritics == 0.25


def test_a_few_words_are_not_judged() -> None:
    """Words such as "ok em" rightly have no diacritics."""
    figures = _figures("ok em", BARE)

    assert figures.n_judged == 1
    assert figures.without_diacritics == 1


def test_decomposed_letters_are_letters() -> None:
    """A keyboard that writes letter and mark apart changes no figure."""
    assert _figures(unicodedata.normalize("NFD", MARKED)) == _figures(MARKED)


def test_length_is_in_syllables() -> None:
    """Numbers, signs and emoji are no syllables."""
    figures = _figures("😀 123 !!", "một hai, ba 4", " ".join(["ba"] * 300))

    assert (figures.min, figures.median, figures.max) == (0, 3, 300)
    assert figures.n_without_words == 1
    assert figures.n_short == 1
    assert figures.over_window == pytest.approx(1 / 3, abs=1e-4)


@pytest.mark.parametrize("emoji", ["😀", "❤️", "❤", "👍🏽", "🇻🇳"])
def test_emoji_are_seen(emoji: str) -> None:
    """Emoji count as such, also those that are a sign and a selector."""
    assert _figures(f"hay {emoji}", "hay © 1 #").with_emoji == 0.5


def test_links_are_seen_also_masked() -> None:
    """A masked link is one."""
    figures = _figures("xem http://a.example/b", "xem <URL>", "xem kia")

    assert figures.with_links == pytest.approx(2 / 3, abs=1e-4)


@given(st.lists(st.text(alphabet="aă đ1!", max_size=30), min_size=1, max_size=20))
def test_the_histogram_counts_every_text(texts: list[str]) -> None:
    """Every text, whatever its length, falls into one bin."""
    figures = _figures(*texts)

    assert sum(figures.histogram) == figures.n_texts == len(texts)


def test_figures_are_of_the_rows_that_are_asked_for(make_row: MakeRow) -> None:
    """What is measured once gives figures of any part of it."""
    measured = measure([make_row(MARKED), make_row(BARE)])

    assert text_figures(measured, np.array([1])).without_diacritics == 1
    assert text_figures(measured, np.array([0])).without_diacritics == 0
