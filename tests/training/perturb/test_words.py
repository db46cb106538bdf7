"""Which words may be changed."""

import random

from hypothesis import given
from hypothesis import strategies as st

from tests.fixtures.texts import ANY_TEXT
from training.perturb.words import cased_like, kept_spans, letters, rewrite, some, words


def test_words_are_letters_with_their_marks() -> None:
    """A word written with combining marks is one word; digits make it none."""
    text = "Đồ ngu\u0303, b4n_nhé 5k!"

    assert [text[a:b] for a, b in words(text)] == ["Đồ", "ngu\u0303", "nhé"]


def test_words_of_links_are_not_free() -> None:
    """Nothing inside a link, an address, a mention or an entity may be changed."""
    text = "xem https://a.vn/tin hay @an hay an@b.vn &lt; nhé"

    assert [text[a:b] for a, b in words(text)] == ["xem", "hay", "hay", "nhé"]


@given(text=ANY_TEXT)
def test_free_words_touch_nothing_kept(text: str) -> None:
    """For any text, words stand in order and outside of all that is kept."""
    spans = words(text)
    kept = kept_spans(text)

    assert spans == sorted(spans)
    assert all(b <= c or d <= a for a, b in spans for c, d in kept)


@given(text=ANY_TEXT)
def test_letters_make_the_word(text: str) -> None:
    """Letters with their marks are all there is of a text."""
    assert "".join(letters(text)) == text


def test_letters_keep_their_marks() -> None:
    """A mark does not leave its letter, however it is typed."""
    assert letters("nge\u0302\u0301") == ["n", "g", "e\u0302\u0301"]


def test_rewriting_draws_words() -> None:
    """About a half of the words is changed at a strength of a half."""
    text = rewrite("a " * 1000, random.Random(0), 0.5, str.upper)

    assert 400 < text.count("A") < 600


@given(n=st.integers(1, 20), seed=st.integers())
def test_some_is_never_none(n: int, seed: int) -> None:
    """A word that is drawn is changed in one place at least."""
    drawn = some(n, random.Random(seed))

    assert drawn
    assert drawn <= set(range(n))
    assert some(0, random.Random(seed)) == set()


def test_case_is_copied() -> None:
    """A shout stays a shout, a name a name; one capital letter is no shout."""
    assert cased_like("KHÔNG", "ko") == "KO"
    assert cased_like("Không", "ko") == "Ko"
    assert cased_like("không", "ko") == "ko"
    assert cased_like("Ở", "ơr") == "Ơr"
