"""Words and runs of characters fall into buckets, the same ones for ever."""

import re
from collections import Counter
from itertools import pairwise, product
from zlib import crc32

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from kiemtin.text.grams import N_VIEWS, grams_of
from kiemtin.text.syllables import strip_marks
from tests.fixtures.texts import ANY_TEXT
from tests.kiemtin.text.pieces import TEXT

MARKED_WORDS, MARKED_RUNS, BARE_WORDS, BARE_RUNS = range(N_VIEWS)
LETTERS = "aăâbcdđeêghiklmnoôơpqrstuưvxy"
VIETNAMESE = st.text(LETTERS + "áàảãạếềểễệốồổỗộứừửữự ,.!?0123456789😀\n")
BITS = st.integers(1, 22)
FACTOR, MIX, PAIRS, RUNS = 0x01000193, 0x9E3779B1, 0x5BD1E995, 0xC2B2AE35


def _counts(text: str, bits: int, view: int) -> Counter[int]:
    """Return how often each bucket of *view* is met, counted from 0."""
    grams = grams_of(text, bits)
    inside = grams.views == view
    found = (grams.buckets[inside] - (view << bits)).tolist()
    return Counter(dict(zip(found, grams.counts[inside].tolist(), strict=True)))


def _bucket(hashed: int, bits: int) -> int:
    return (hashed * MIX & 0xFFFFFFFF) >> (32 - bits)


def _word_buckets(text: str, bits: int) -> Counter[int]:
    found = re.findall(r"\w+|[^\w\s]", text)
    words = [crc32(word.encode("utf-8", "replace")) for word in found]
    pairs = [a * FACTOR & 0xFFFFFFFF ^ b ^ PAIRS for a, b in pairwise(words)]
    return Counter(_bucket(hashed, bits) for hashed in (*words, *pairs))


def _runs(text: str) -> list[str]:
    """Return the runs of two to four characters, a word's ends being spaces."""
    return [
        padded[i : i + n]
        for padded in (f" {word} " for word in text.split())
        for n in (2, 3, 4)
        for i in range(len(padded) - n + 1)
    ]


def _run_bucket(run: str, bits: int) -> int:
    hashed = len(run)
    for c in run:
        point = ord("?" if "\ud800" <= c <= "\udfff" else c)
        hashed = (hashed ^ point) * FACTOR & 0xFFFFFFFF
    return _bucket(hashed ^ RUNS, bits)


@given(text=TEXT, bits=BITS)
def test_any_text_has_buckets(text: str, bits: int) -> None:
    """No string is refused; its buckets ascend, each within those of its view."""
    grams = grams_of(text, bits)

    assert len(grams.buckets) == len(grams.counts) == len(grams.views)
    assert (np.diff(grams.buckets) > 0).all()
    assert ((grams.buckets >= 0) & (grams.buckets < N_VIEWS << bits)).all()
    assert (grams.views == grams.buckets // 2**bits).all()
    assert (grams.counts > 0).all()


@given(text=TEXT, bits=BITS)
def test_buckets_are_those_of_the_plain_rule(text: str, bits: int) -> None:
    """Written out word by word and run by run, the same grams come to the same."""
    marked = text.lower()
    bare = strip_marks(marked)

    assert _counts(text, bits, MARKED_WORDS) == _word_buckets(marked, bits)
    assert _counts(text, bits, BARE_WORDS) == _word_buckets(bare, bits)
    for view, seen in ((MARKED_RUNS, marked), (BARE_RUNS, bare)):
        expected = Counter(_run_bucket(run, bits) for run in _runs(seen))
        assert _counts(text, bits, view) == expected


@pytest.mark.parametrize(
    ("view", "expected"),
    [
        (MARKED_WORDS, [246, 282, 331, 623, 787]),
        (MARKED_RUNS, [1043, 1119, 1190, 1200, 1567, 1611, 1657, 1710, 1932]),
        (BARE_WORDS, [2439, 2661, 2779, 2835, 3049]),
        (BARE_RUNS, [3326, 3511, 3545, 3612, 3659, 3938, 3984, 4002, 4070]),
    ],
    ids=["marked words", "marked runs", "bare words", "bare runs"],
)
def test_buckets_are_those_of_shipped_weights(view: int, expected: list[int]) -> None:
    """Other numbers here mean that every bundle with a wide part has to be learnt anew."""
    grams = grams_of("Ồ ạ!", 10)

    assert grams.buckets[grams.views == view].tolist() == expected
    assert set(grams.counts.tolist()) == {1}


@pytest.mark.parametrize("text", ["", " \n\t ", "\u3000"])
def test_nothing_has_no_buckets(text: str) -> None:
    """Where there are no characters there are no grams either."""
    assert len(grams_of(text, 10).buckets) == 0


def test_repeated_words_are_counted() -> None:
    """A word that is met three times counts three times, and the pairs of it twice."""
    assert sorted(_counts("hay hay hay", 20, MARKED_WORDS).values()) == [2, 3]


@given(text=VIETNAMESE, bits=BITS)
def test_case_does_not_matter(text: str, bits: int) -> None:
    """Who shouts says the same words."""
    quiet, loud = grams_of(text, bits), grams_of(text.upper(), bits)

    assert loud.buckets.tolist() == quiet.buckets.tolist()
    assert loud.counts.tolist() == quiet.counts.tolist()


@given(text=ANY_TEXT | VIETNAMESE.map(strip_marks), bits=BITS)
def test_bare_text_looks_the_same_with_marks_and_without(text: str, bits: int) -> None:
    """Of a text without diacritics the last two views repeat the first two."""
    assume(strip_marks(text.lower()) == text.lower())

    for marked, bare in ((MARKED_WORDS, BARE_WORDS), (MARKED_RUNS, BARE_RUNS)):
        assert _counts(text, bits, marked) == _counts(text, bits, bare)


@given(text=VIETNAMESE, bits=BITS)
def test_lost_diacritics_leave_half_of_the_views(text: str, bits: int) -> None:
    """What is seen without diacritics is seen of the text that lost them, too."""
    lost = strip_marks(text)

    for view in (BARE_WORDS, BARE_RUNS):
        assert _counts(lost, bits, view) == _counts(text, bits, view)


@given(first=TEXT, second=TEXT, bits=BITS)
def test_runs_do_not_cross_spaces(first: str, second: str, bits: int) -> None:
    """Of two texts side by side the runs are those of one and those of the other."""
    both = _counts(f"{first} {second}", bits, MARKED_RUNS)

    assert both == _counts(first, bits, MARKED_RUNS) + _counts(
        second, bits, MARKED_RUNS
    )


TRIPLES = " ".join(map("".join, product(LETTERS, repeat=3)))
IDEOGRAPHS = "".join(map(chr, range(0x4E00, 0x9000)))


@pytest.mark.parametrize("bits", [10, 16, 22])
@pytest.mark.parametrize(
    ("text", "view", "n_grams"),
    [
        (TRIPLES, MARKED_WORDS, 2 * len(TRIPLES.split()) - 1),
        (TRIPLES, MARKED_RUNS, len(set(_runs(TRIPLES)))),
        (IDEOGRAPHS, MARKED_RUNS, len(set(_runs(IDEOGRAPHS)))),
    ],
    ids=["words", "runs", "runs of one long word"],
)
def test_grams_spread_evenly(text: str, view: int, n_grams: int, bits: int) -> None:
    """Tens of thousands, alike as they are, fill as many buckets as chance would."""
    n_filled = len(_counts(text, bits, view))

    by_chance = 2**bits * (1 - (1 - 2**-bits) ** n_grams)
    assert n_grams > 40_000
    assert n_filled == pytest.approx(by_chance, rel=0.01)
