"""The gap between two models is fair to both, and knows what chance can do."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiemtin.labels import Label
from training.corpora import Row
from training.corpora.row import Head
from training.evaluation.scored import Scored
from training.promotion.gaps import LEAST_OF_A_CLASS, RANKING, measure_gap


def scored(
    seed: int,
    *,
    n: int = 200,
    noise: float = 1.0,
    positives: float = 0.3,
    corpus: str = "vihsd",
    truth_seed: int = 1,
) -> Scored:
    """Return made-up rows of one corpus, scored more or less rightly for abuse."""
    truth = np.random.default_rng(truth_seed).random(n) < positives
    rows = [
        Row(corpus, f"test:{i}", "x", Head.HARM, {Label.ABUSIVE: bool(t)})
        for i, t in enumerate(truth)
    ]
    logits = truth + noise * np.random.default_rng(seed).normal(size=n)
    scores = np.zeros((n, len(Label)))
    scores[:, list(Label).index(Label.ABUSIVE)] = 1 / (1 + np.exp(0.5 - logits))
    return Scored(rows, scores, scores > 0.5)


def joined(*parts: Scored) -> Scored:
    """Return the rows of several corpora."""
    return Scored(
        [r for p in parts for r in p.rows],
        np.concatenate([p.scores for p in parts]),
        np.concatenate([p.flags for p in parts]),
    )


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 1000), st.floats(0.1, 3))
def test_model_is_no_worse_than_itself(seed: int, noise: float) -> None:
    """The same scores twice are no gap at all, with an interval of no width."""
    ours = scored(seed, noise=noise)

    gap = measure_gap(ours, ours)

    assert gap is not None
    assert (gap.difference, gap.low, gap.high, gap.p_worse) == (0, 0, 0, 1)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 1000))
def test_gap_changes_its_sign_with_the_sides(seed: int) -> None:
    """What one model loses the other wins."""
    ours, theirs = scored(seed), scored(seed + 1, noise=2)

    one, other = measure_gap(ours, theirs), measure_gap(theirs, ours)

    assert one is not None
    assert other is not None
    assert one.difference == -other.difference
    assert one.low == pytest.approx(-other.high, abs=2e-4)
    assert one.p_worse + other.p_worse == pytest.approx(1)


def test_clear_loss_is_clear() -> None:
    """A much worse model on many rows loses beyond chance."""
    gap = measure_gap(scored(1, n=800, noise=3), scored(2, n=800, noise=0.5))

    assert gap is not None
    assert gap.high < 0
    assert gap.p_worse < 1e-6


def test_two_equal_models_are_within_chance() -> None:
    """Of models that differ by chance alone about one in twenty seems clearly worse."""
    found = [measure_gap(scored(2 * i), scored(2 * i + 1)) for i in range(60)]

    worse = sum(g is not None and g.p_worse < 0.05 for g in found)
    assert worse <= 9


def test_each_corpus_counts_alike() -> None:
    """The mean is over figures: a large corpus does not drown a small one."""
    large = scored(1, n=2000, corpus="vihsd"), scored(1, n=2000, corpus="vihsd")
    small = (
        scored(3, n=100, noise=3, corpus="victsd"),
        scored(4, n=100, corpus="victsd"),
    )

    both = measure_gap(joined(large[0], small[0]), joined(large[1], small[1]))
    alone = measure_gap(*small)

    assert both is not None
    assert alone is not None
    assert both.difference == pytest.approx(alone.difference / 2, abs=1e-4)
    assert (both.figures, both.rows) == (4, 2100)


def test_few_rows_say_nothing() -> None:
    """Too few rows, or too few of a class, are no figure rather than a wild one."""
    assert measure_gap(scored(1, n=29), scored(2, n=29)) is None
    few = (LEAST_OF_A_CLASS - 4) / 100
    ours, theirs = (scored(i, n=100, positives=few) for i in (1, 2))
    assert measure_gap(ours, theirs) is None


def test_small_corpus_counts_only_where_it_is_asked_for() -> None:
    """A corpus with fewer rows than asked for moves nothing."""
    large = scored(1, n=300), scored(2, n=300)
    small = scored(3, n=60, corpus="victsd"), scored(4, n=60, corpus="victsd")
    both = joined(large[0], small[0]), joined(large[1], small[1])

    assert measure_gap(*both, least_rows=100) == measure_gap(*large)
    assert measure_gap(*both, least_rows=60) != measure_gap(*large)


def test_ranking_is_measured_alone() -> None:
    """Asked for AUC alone, thresholds do not matter."""
    ours, theirs = scored(1), scored(2)
    unflagged = Scored(ours.rows, ours.scores, np.zeros_like(ours.flags))

    assert measure_gap(ours, theirs, kinds=[RANKING]) == measure_gap(
        unflagged, theirs, kinds=[RANKING]
    )
    assert measure_gap(ours, theirs) != measure_gap(unflagged, theirs)


def test_label_is_measured_alone() -> None:
    """Asked for one label, no other counts."""
    ours, theirs = scored(1), scored(2)

    assert measure_gap(ours, theirs, only=Label.ABUSIVE) == measure_gap(ours, theirs)
    assert measure_gap(ours, theirs, only=Label.SCAM) is None


def test_rows_of_one_alone_are_left_out() -> None:
    """Only rows that both models have scored are compared."""
    ours, theirs = scored(1, n=300), scored(2, n=300)

    gap = measure_gap(ours.pick(range(200)), theirs)

    assert gap is not None
    assert gap.rows == 200
    assert gap == measure_gap(ours.pick(range(200)), theirs.pick(range(200)))
