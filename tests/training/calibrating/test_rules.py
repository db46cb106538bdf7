"""Every rule keeps its promise on the rows that it looks at."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import f1_score

from kiemtin.labels import Label
from tests.fixtures.judged import NONE, SECTION, a_pool, joined, judged
from training.calibrating.evidence import Evidence
from training.calibrating.rules import (
    GRID,
    HIGHEST,
    MIN_ROWS,
    at_least,
    binary_f1,
    worth,
)
from training.recipes.tuning import AssumedNegative

SPAM = list(Label).index(Label.SPAM)
seeds = st.integers(0, 10_000)


@given(st.lists(st.floats(0, 1).map(lambda x: round(x, 4))))
def test_a_score_at_a_threshold_has_reached_it(scores: list[float]) -> None:
    """Counts are those of the policy that serves: a threshold is inclusive."""
    counts = at_least(np.array(scores))

    assert counts.tolist() == [sum(x >= t for x in scores) for t in GRID]


@given(seeds)
@settings(max_examples=20, deadline=None)
def test_macro_f1_is_the_library_s(seed: int) -> None:
    """What all thresholds are worth at once is what each is worth alone."""
    rng = np.random.default_rng(seed)
    truth, scores = rng.integers(0, 2, 60), rng.random(60).round(4)

    values = binary_f1((truth, scores))

    for i in rng.integers(0, len(GRID), 5):
        expected = f1_score(
            truth, scores >= GRID[i], average="macro", zero_division=0, labels=[0, 1]
        )
        assert values[i] == pytest.approx(expected)


@given(seeds, st.floats(0.1, 0.95))
@settings(max_examples=30, deadline=None)
def test_precision_is_kept(seed: int, precision: float) -> None:
    """Whatever is allowed below the end of the grid is right as often as asked."""
    section = SECTION.model_copy(update={"rule": "precision", "precision": precision})
    evidence = a_pool(seed)

    values = worth(evidence, Label.SPAM, section)

    truth, scores = evidence.known(Label.SPAM)
    for i in np.flatnonzero(np.isfinite(values) & (GRID < HIGHEST)):
        flagged = scores >= GRID[i]
        assert flagged.sum() >= MIN_ROWS
        assert truth[flagged].mean() >= precision - 1e-9
    allowed = np.flatnonzero(np.isfinite(values))
    assert np.argmax(values) == allowed[0]


@given(seeds, st.floats(0.005, 0.5))
@settings(max_examples=30, deadline=None)
def test_budget_is_kept(seed: int, budget: float) -> None:
    """No more than the budget of all posts is queued, and nothing less could be."""
    section = SECTION.model_copy(update={"rule": "budget", "budget": budget})
    evidence = a_pool(seed)

    best = int(np.argmax(worth(evidence, Label.SPAM, section)))

    shares = (evidence.posts[:, [SPAM]] >= GRID).mean(axis=0)
    assert shares[best] <= budget or GRID[best] == HIGHEST
    recall = at_least(evidence.known(Label.SPAM)[1][evidence.known(Label.SPAM)[0] == 1])
    assert not ((shares <= budget) & (recall > recall[best])).any()


def test_budget_is_of_the_posts_that_come_in() -> None:
    """Posts of a user's own decide what a threshold queues, not the dev rows."""
    evidence = a_pool(3)
    calm = Evidence(
        evidence.dev, evidence.protected, (), np.full((500, len(Label)), 0.01)
    )
    section = SECTION.model_copy(update={"rule": "budget", "budget": 0.02})

    chosen = [GRID[np.argmax(worth(e, Label.SPAM, section))] for e in (evidence, calm)]

    assert chosen[1] < chosen[0]


@given(seeds)
@settings(max_examples=20, deadline=None)
def test_dearer_misses_lower_the_threshold(seed: int) -> None:
    """The more a missed post costs, the less it takes to look at one."""
    evidence = a_pool(seed)
    costs = [
        SECTION.model_copy(update={"rule": "cost", "missed_cost": c})
        for c in (0.2, 1, 5, 50)
    ]

    chosen = [np.argmax(worth(evidence, Label.SPAM, s)) for s in costs]

    assert chosen == sorted(chosen, reverse=True)


def test_cost_is_counted_in_posts() -> None:
    """One missed post outweighs four read for nothing when it costs five."""
    truth = np.array([1] * 15 + [0] * 60 + [0] * 25)
    scores = np.array([0.5] * 15 + [0.5] * 60 + [0.1] * 25)
    dev = judged("shop", {Label.SPAM: truth}, scores)
    evidence = Evidence(dev, NONE, (), dev.scores)

    def best(cost: float) -> float:
        section = SECTION.model_copy(update={"rule": "cost", "missed_cost": cost})
        return float(GRID[np.argmax(worth(evidence, Label.SPAM, section))])

    assert best(5) <= 0.5
    assert best(3) > 0.5


@pytest.mark.parametrize("rule", ["f1", "precision", "budget", "cost"])
def test_a_label_that_no_row_carries_is_off(rule: str) -> None:
    """Without a positive row, only near certainty is a matter for people."""
    dev = judged("shop", {Label.SPAM: np.zeros(50, int)}, np.linspace(0, 0.9, 50))
    section = SECTION.model_copy(update={"rule": rule})

    values = worth(Evidence(dev, NONE, (), dev.scores), Label.SPAM, section)

    assert GRID[np.argmax(values)] == HIGHEST


@pytest.mark.parametrize("rule", ["f1", "precision", "budget", "cost"])
def test_rows_assumed_free_are_spared(rule: str) -> None:
    """A label that calls every other kind of text by its name is held back."""
    others = judged("posts", {}, np.random.default_rng(2).random(500).round(4) * 0.9)
    evidence = a_pool(1)
    dev = joined(evidence.dev, others)
    free = AssumedNegative(label=Label.SPAM, corpora=("posts",), weight=0.2)
    held = Evidence(dev, NONE, (free,), dev.scores)
    section = SECTION.model_copy(update={"rule": rule})

    values = worth(held, Label.SPAM, section)

    for t in GRID[np.isfinite(values)][:-1]:
        assert (held.assumed_free(Label.SPAM) >= t).mean() <= section.others_flagged
