"""Signatures of texts: they estimate how much of each other two texts share."""

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from serving.review.fingerprint import (
    LEAST_WORDS,
    N_HASHES,
    bands,
    fingerprint,
    resemblance,
)

TEXT = "Ngân hàng thông báo: tài khoản của quý khách bị khoá, gọi ngay 0912345678 nhé"
LETTERS = str.maketrans("0123456789", "abcdefghij")
WORDS = st.lists(st.sampled_from(["một", "hai", "ba", "bốn", "năm", "sáu"]), max_size=7)


def _word(rng: random.Random) -> str:
    return f"{rng.randrange(10**9)}".translate(LETTERS)


def _pair(rng: random.Random, n_words: int, n_changed: int) -> tuple[str, str]:
    """Return two texts; each changed word changes two pairs of words."""
    one = [_word(rng) for _ in range(n_words)]
    other = list(one)
    for i in range(n_changed):
        other[2 + i * (n_words - 4) // max(n_changed, 1)] = _word(rng)
    return " ".join(one), " ".join(other)


def _likeness(one: str, other: str) -> float:
    first, second = fingerprint(one), fingerprint(other)
    assert first is not None
    assert second is not None
    return float(resemblance(first, [second])[0])


@pytest.mark.parametrize(
    "copy",
    [
        TEXT.upper(),
        "NGAN HANG thong bao tai khoan cua quy khach bi khoa goi ngay 0912345678 nhe",
        TEXT.replace("0912345678", "0387654321"),
        TEXT.replace(" ", "   ") + " !!!",
    ],
    ids=["capitals", "no diacritics", "another number", "spaces"],
)
def test_a_copy_is_a_copy(copy: str) -> None:
    """What spammers vary from one copy to the next does not count."""
    assert fingerprint(copy) == fingerprint(TEXT)


def test_it_is_the_same_for_ever() -> None:
    """Signatures are stored: another version must find what this one wrote."""
    found = fingerprint(TEXT)

    assert found is not None
    assert len(found) == N_HASHES * 4
    assert found[:8].hex() == "8dbfb31e75b9913f"
    assert bands(found)[0] == 7591991932284658189


def test_the_estimate_is_right_on_average() -> None:
    """Over many pairs it is neither too high nor too low, and as exact as promised."""
    rng = random.Random(7)
    errors = []
    for _ in range(400):
        one, other = _pair(rng, 91, 5)
        errors.append(_likeness(one, other) - 80 / 100)

    assert abs(np.mean(errors)) < 0.01
    assert np.std(errors) < 0.05


def test_what_shares_four_fifths_is_found() -> None:
    """Of pairs with a resemblance of 0.8, 98 of 100 share a band."""
    rng = random.Random(8)
    n_found = 0
    for _ in range(1000):
        first, second = map(fingerprint, _pair(rng, 91, 5))
        assert first is not None
        assert second is not None
        n_found += bool(set(bands(first)) & set(bands(second)))

    assert n_found >= 970


def test_what_shares_little_is_seldom_looked_at() -> None:
    """Unrelated texts of the same length share no band."""
    rng = random.Random(9)
    seen: set[int] = set()
    for _ in range(1000):
        values = bands(fingerprint(_pair(rng, 30, 0)[0]) or b"")
        assert not seen & set(values)
        seen.update(values)


@given(WORDS)
def test_a_short_text_has_none(words: list[str]) -> None:
    """Fewer words than eight are never like anything."""
    assert len(words) < LEAST_WORDS
    assert fingerprint(" ".join(words)) is None


def test_numbers_and_links_are_no_words() -> None:
    """A table of results, or a list of links, is not a text that others copy."""
    assert fingerprint("1-0 2:2 3 4 5 6 7 8 9 10 11 12") is None
    assert fingerprint("https://a.vn/x " * 12) is None


@settings(deadline=None)
@given(st.text(max_size=300))
def test_any_text_has_one_or_none(text: str) -> None:
    """No text breaks it, and the bands fit into the database."""
    found = fingerprint(text)

    if found is not None:
        assert len(found) == N_HASHES * 4
        assert all(-(2**63) <= x < 2**63 for x in bands(found))
        assert resemblance(found, [found]).tolist() == [1.0]


def test_a_long_text_does_not_take_long() -> None:
    """A text of the greatest length is read in blocks."""
    rng = random.Random(3)
    text = " ".join(_word(rng) for _ in range(7_000))[:65_536]

    assert fingerprint(text) is not None
