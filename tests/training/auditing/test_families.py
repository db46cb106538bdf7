"""Words that are said together are found to be a family, from the texts alone."""

import random

import numpy as np
import scipy.sparse as sp
from sklearn.feature_extraction.text import CountVectorizer

from tests.fixtures.planted import TOPIC, WORDS, say
from training.auditing.families import MIN_TERMS, Space, family, group

WEATHER = ("bão", "áp thấp", "lốc", "sấm", "chớp", "dông")


def test_two_topics_are_two_families() -> None:
    """Dams and storms are told apart, though no list says what they are."""
    rng = random.Random(1)
    texts = [
        say(rng, *rng.sample((TOPIC, WEATHER)[i % 2], k=3)) if i % 3 else say(rng)
        for i in range(900)
    ]
    terms = [*TOPIC, *WEATHER]
    vectorizer = CountVectorizer(
        token_pattern=r"\w+", ngram_range=(1, 2), min_df=20, binary=True
    )
    counts = sp.csr_matrix(vectorizer.fit_transform(texts), dtype=np.float32)
    columns = [int(vectorizer.vocabulary_[t]) for t in terms]

    found = list(group(Space(counts, seed=1).vectors(columns)))

    assert sorted({terms[i] for i in f} for f in found) == sorted(
        [set(TOPIC), set(WEATHER)]
    )


def test_few_vectors_are_no_family() -> None:
    """Three terms may come together by chance."""
    assert list(group(np.ones((MIN_TERMS - 1, 2)))) == []


def test_family_is_of_rows_with_any_of_its_terms() -> None:
    """A row with one of the terms counts, and one with two counts once."""
    counts = sp.csr_matrix(np.array([[1, 1], [0, 1], [0, 0], [0, 0]], dtype=np.float32))
    truth = np.array([True, False, True, False])

    found = family(counts, truth, np.full(4, 0.3), [0, 1], WORDS[:2], [0.1, 0.3])

    assert found
    assert (found.rate.n, found.rate.rate, found.without.rate) == (2, 0.5, 0.5)
    assert (found.like_length, found.highlighted) == (0.3, 0.2)
    assert found.gap == 0


def test_family_of_all_rows_is_none() -> None:
    """Where every row has a term, there is nothing to hold it against."""
    counts = sp.csr_matrix(np.ones((3, 1), dtype=np.float32))
    truth = np.array([True, False, True])

    assert family(counts, truth, np.full(3, 0.5), [0], ["a"], []) is None
