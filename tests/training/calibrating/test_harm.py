"""Abusive and hate are chosen together, as classes that people know."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import f1_score

from kiemtin.labels import Label
from tests.fixtures.judged import SECTION, a_pool
from training.calibrating.harm import harm_worth, three_class_f1
from training.calibrating.rules import GRID


@given(st.integers(0, 10_000))
@settings(max_examples=20, deadline=None)
def test_three_classes_are_the_library_s(seed: int) -> None:
    """All pairs of thresholds at once are worth what each pair is worth alone."""
    rng = np.random.default_rng(seed)
    classes = np.concatenate([[0, 1, 2], rng.integers(0, 3, 50)])
    abusive, hate = rng.random((2, len(classes))).round(3)

    values = three_class_f1(classes, abusive, hate)

    for a, h in rng.integers(0, len(GRID), (5, 2)):
        flagged = abusive >= GRID[a]
        called = np.where(flagged & (hate >= GRID[h]), 2, np.where(flagged, 1, 0))
        expected = f1_score(classes, called, average="macro", zero_division=0)
        assert values[a, h] == pytest.approx(expected)


@pytest.mark.parametrize("rule", ["precision", "budget"])
@given(st.integers(0, 10_000))
@settings(max_examples=10, deadline=None)
def test_hate_keeps_the_rule_within_abusive(rule: str, seed: int) -> None:
    """Hate is right as often, and queues as little, where it is flagged with abusive."""
    section = SECTION.model_copy(update={"rule": rule, "precision": 0.7})
    evidence = a_pool(seed)

    _, hate_given = harm_worth(evidence, section)
    threshold = GRID[np.argmax(hate_given(0.4))]

    within = evidence.hate_within(0.4)
    truth, scores = within.known(Label.HATE)
    flagged = scores >= threshold
    queued = within.posts[:, list(Label).index(Label.HATE)] >= threshold
    if rule == "precision" and flagged.sum() >= 20 and threshold < 0.99:
        assert truth[flagged].mean() >= 0.7
    if rule == "budget":
        assert queued.mean() <= section.budget
