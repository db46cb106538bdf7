"""Rows are learnt from as they are, stripped and perturbed, and weighed as in serving."""

from collections import Counter
from math import log
from unicodedata import normalize as to_form

import numpy as np
import pytest

from kiemtin.text import normalize
from kiemtin.text.grams import N_VIEWS, grams_of
from kiemtin.wide import weigh
from tests.fixtures.wide_rows import row_of, wide_rows
from training.perturb import PERTURBATIONS, Half, perturb
from training.wide.features import STRIPPED, make_features, written

BITS = 12
SEED = 3
ROWS = wide_rows(20)
TEXTS = ["đồ ngu", "NGU quá ngu", "hôm nay trời đẹp", "", "mua 1 tặng 1 !!!"]


def test_copies_follow_one_another() -> None:
    """First come all rows as they are, then all without marks, then all perturbed."""
    texts = list(written(ROWS, {"teencode": 0.1}, SEED))

    n = len(ROWS)
    assert texts[:n] == [r.text for r in ROWS]
    assert texts[n : 2 * n] == [
        perturb(STRIPPED, r.text, seed=SEED, half=Half.A) for r in ROWS
    ]
    assert texts[2 * n :] == [
        perturb("teencode", r.text, seed=SEED, half=Half.A) for r in ROWS
    ]


def test_political_terms_are_swapped_where_asked() -> None:
    """In the corpora that are named every copy is of the swapped text, in others none."""
    rows = [
        row_of(corpus, i, f"chính quyền xã nói gì thế {i}")
        for i in range(9)
        for corpus in ("victsd", "reintel")
    ]

    plain, swapped = (
        list(written(rows, {"uncased": 1}, SEED, corpora))
        for corpora in ((), ("victsd",))
    )

    for i, (before, after) in enumerate(zip(plain, swapped, strict=True)):
        is_swapped = rows[i % len(rows)].corpus == "victsd"
        assert (before != after) == is_swapped
        assert after.endswith(before[-2:])
    assert list(written(rows, {"uncased": 1}, SEED, ("victsd",))) == swapped
    assert swapped[18:36] == [
        perturb(STRIPPED, t, seed=SEED, half=Half.A) for t in swapped[:18]
    ]
    everywhere = list(written(rows[::2], {}, SEED, ("victsd", "reintel")))
    assert everywhere[:9] == swapped[:18:2]


@pytest.mark.parametrize("perturbed", [{}, {STRIPPED: 0.4}, {"teencode": 0.0}])
def test_without_perturbations_there_are_two(perturbed: dict[str, float]) -> None:
    """The stripped copy is there in any case, so stripping makes no third."""
    assert len(list(written(ROWS, perturbed, SEED))) == 2 * len(ROWS)


@pytest.mark.parametrize("name", sorted(PERTURBATIONS.keys() - {STRIPPED}))
def test_other_half_is_left_for_examination(name: str) -> None:
    """Whatever the perturbation, its words are of the half that training may use."""
    *_, found = written([ROWS[0]], {name: 1}, SEED)

    assert found == perturb(name, ROWS[0].text, seed=SEED, half=Half.A)


def test_halves_differ() -> None:
    """A text of teencode is written otherwise where it is examined."""
    row = row_of("victsd", 0, "không biết gì được vậy anh em ơi, nhưng mà rồi sao nữa")
    *_, found = written([row], {"teencode": 1}, SEED)

    assert found != perturb("teencode", row.text, seed=SEED, half=Half.B)


def test_draws_hang_on_nothing_but_row_and_seed() -> None:
    """The same row is perturbed the same way in any company; another seed draws anew."""
    shares = {"teencode": 0.1, "typos": 0.1, "digits": 0.1}
    n = len(ROWS)

    texts = list(written(ROWS, shares, SEED))

    assert list(written(ROWS, shares, SEED)) == texts
    assert list(written(ROWS[::-1], shares, SEED))[2 * n :] == texts[2 * n :][::-1]
    assert list(written(ROWS, shares, SEED + 1))[2 * n :] != texts[2 * n :]


def test_likely_perturbations_are_frequent() -> None:
    """Shares need not add up to 1: each row is perturbed, by one of them."""
    rows = [row_of("victsd", i, "Ai đó!") for i in range(500)]

    texts = list(written(rows, {"uncased": 0.03, "unpunctuated": 0.01}, SEED))

    drawn = Counter(x.strip() for x in texts[2 * len(rows) :])
    assert drawn.keys() == {"ai đó!", "Ai đó"}
    assert drawn["ai đó!"] / len(rows) == pytest.approx(0.75, abs=0.05)


def test_rows_are_weighed_as_in_serving() -> None:
    """A row of the matrix holds the very numbers that the bundle will weigh a text by."""
    features = make_features(TEXTS, BITS)

    assert features.matrix.shape == (len(TEXTS), N_VIEWS << BITS)
    for i, text in enumerate(TEXTS):
        buckets, weights = weigh(normalize(text).text, BITS, features.rarity)
        expected = np.zeros(N_VIEWS << BITS, np.float32)
        expected[buckets] = weights
        assert (features.matrix[[i]].toarray()[0] == expected).all()


def test_rarity_is_that_of_the_formula() -> None:
    """What n texts of N have weighs ln((1 + N) / (1 + n)) + 1, what none has nothing."""
    features = make_features(TEXTS, bits=8)

    having = [set(grams_of(normalize(t).text, 8).buckets.tolist()) for t in TEXTS]
    for bucket, rarity in enumerate(features.rarity.tolist()):
        n = sum(bucket in buckets for buckets in having)
        expected = log((1 + len(TEXTS)) / (1 + n)) + 1 if n else 0
        assert rarity == pytest.approx(expected, rel=1e-3)


def test_texts_are_read_before_they_are_counted() -> None:
    """However marks are encoded the features are the same, and a reader may do more."""
    composed = make_features(TEXTS, BITS)
    decomposed = make_features([to_form("NFD", t) for t in TEXTS], BITS)
    joined = make_features(TEXTS, BITS, lambda text: text.replace(" ", "_"))

    assert (composed.matrix != decomposed.matrix).nnz == 0
    assert (composed.matrix != joined.matrix).nnz > 0
