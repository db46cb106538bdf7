"""Figures agree with those of scikit-learn, and chance is taken for chance."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import f1_score, roc_auc_score

from training.auditing.beside import Column, Kind, kinds, quantities
from training.auditing.folds import Folds
from training.auditing.predicting import (
    area,
    majority_f1,
    mean_f1,
    predict_by_many,
    predict_by_one,
)

N = 400
ROWS = np.arange(N)
FOLDS: Folds = [(np.delete(ROWS, ROWS[i::4]), ROWS[i::4]) for i in range(4)]
CLASSES = np.random.default_rng(1).integers(0, 3, N)


@given(
    st.lists(
        st.tuples(st.booleans(), st.integers(0, 5)), min_size=4, max_size=60
    ).filter(lambda pairs: len({t for t, _ in pairs}) == 2)
)
def test_area_is_that_of_scikit_learn(pairs: list[tuple[bool, int]]) -> None:
    """Ties count a half, and the figure lies in its interval."""
    truth = np.array([t for t, _ in pairs])
    scores = np.array([s / 7 for _, s in pairs])

    found = area(truth, scores)

    assert found.value == pytest.approx(roc_auc_score(truth, scores), abs=1e-4)
    assert found.low <= found.value <= found.high


def test_mean_f1_is_that_of_scikit_learn() -> None:
    """The likeliest class is said, and each class weighs the same."""
    probabilities = np.random.default_rng(2).dirichlet(np.ones(3), N)

    found = mean_f1(CLASSES, probabilities, seed=1)

    expected = f1_score(CLASSES, probabilities.argmax(axis=1), average="macro")
    assert found.value == pytest.approx(expected, abs=1e-4)
    assert found.low < found.value < found.high


def test_who_always_says_one_class() -> None:
    """The floor is the F1 of the most common class, and nought for the others."""
    classes = np.array([0, 0, 0, 1, 2])

    expected = f1_score(classes, np.zeros(5), average="macro", zero_division=0)
    assert majority_f1(classes) == pytest.approx(expected, abs=1e-4)


@pytest.mark.parametrize(
    "column",
    [
        kinds(Kind.FACET, "topic", [f"k{c}" for c in CLASSES]),
        quantities(Kind.FACET, "likes", CLASSES * 100 + ROWS % 7),
    ],
)
def test_what_tells_the_class_is_believed(column: Column) -> None:
    """A kind or a quantity of its own for each class predicts it, alone or together."""
    alone = predict_by_one(column, CLASSES, FOLDS)
    together = predict_by_many([column, column], CLASSES, FOLDS, seed=1)

    for found in (alone, together):
        assert (found.argmax(axis=1) == CLASSES).all()
        assert np.allclose(found.sum(axis=1), 1)


def test_nothing_tells_nothing() -> None:
    """One value for all rows is no better than chance, though folds differ in rate."""
    truth = np.where(ROWS < 200, ROWS % 4 == 0, ROWS % 2 == 0)
    folds = [(ROWS[:200], ROWS[200:]), (ROWS[200:], ROWS[:200])]
    same = quantities(Kind.STYLE, "links", np.zeros(N))

    found = predict_by_one(same, truth.astype(np.int64), folds)

    assert area(truth, found[:, 1]).value == 0.5


def test_many_kinds_are_not_too_many() -> None:
    """Of more kinds than trees can take, the rarest are taken together."""
    many = kinds(Kind.GROUP, "url", [f"u{i}" for i in ROWS])

    found = predict_by_many([many, many], CLASSES, FOLDS, seed=1)

    assert np.allclose(found.sum(axis=1), 1)
