"""Figures of many draws at once are those of each draw, and scikit-learn's."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from sklearn.metrics import average_precision_score, f1_score, roc_auc_score

from training.evaluation import weighted
from training.evaluation.bootstrap import draw_weights
from training.evaluation.metrics import (
    Metric,
    auc,
    average_precision,
    brier,
    expected_calibration_error,
    fixed_calibration_error,
    macro_f1,
    over_draws,
    positive_f1,
    precision_at,
    share,
)

Sample = tuple[Any, Any, Any]


@st.composite
def samples(draw: st.DrawFn, *, flags: bool = False) -> Sample:
    """Draw truth, scores with many ties (or flags), and how often each row counts."""
    n = draw(st.integers(4, 40))
    truth = draw(hnp.arrays(np.int64, n, elements=st.integers(0, 1)))
    truth[:2] = 0, 1
    steps = 1 if flags else 10
    values = draw(hnp.arrays(np.int64, n, elements=st.integers(0, steps))) / steps
    weights = draw(hnp.arrays(np.int64, n, elements=st.integers(0, 4)))
    weights[:2] = np.maximum(weights[:2], 1)
    return truth, values, weights


def _alone(figure: Callable[..., Any], sample: Sample) -> float:
    truth, values, weights = sample
    return float(figure(truth, values, weights[None].astype(np.float64))[0])


def _hold(metric: Metric, sample: Sample) -> None:
    truth, values, weights = sample
    (at_once,) = over_draws(metric, truth, values, weights[None].astype(np.float32))

    repeated = metric(np.repeat(truth, weights), np.repeat(values, weights))

    assert at_once == pytest.approx(repeated, abs=1e-5)


@settings(deadline=None)
@given(samples())
def test_ranking_is_scikit_learn_s(sample: Sample) -> None:
    """AUC and average precision of weighted rows with ties are scikit-learn's."""
    truth, scores, weights = sample

    for ours, theirs in (
        (weighted.auc, roc_auc_score),
        (weighted.average_precision, average_precision_score),
    ):
        expected = theirs(truth, scores, sample_weight=weights)
        assert _alone(ours, sample) == pytest.approx(expected, abs=1e-9)


@settings(deadline=None)
@given(samples(flags=True))
def test_f1_is_scikit_learn_s(sample: Sample) -> None:
    """So is F1, of the rare class and as a mean."""
    truth, flags, weights = sample
    options: dict[str, Any] = {"sample_weight": weights, "zero_division": 0}

    macro = f1_score(truth, flags, average="macro", **options)
    rare = f1_score(truth, flags, pos_label=1, **options)

    assert _alone(weighted.macro_f1, sample) == pytest.approx(macro, abs=1e-9)
    assert _alone(weighted.positive_f1, sample) == pytest.approx(rare, abs=1e-9)


@pytest.mark.parametrize("metric", [macro_f1, positive_f1], ids=["macro", "rare"])
@settings(deadline=None)
@given(sample=samples(flags=True))
def test_a_weight_is_so_many_flags(metric: Metric, sample: Sample) -> None:
    """The same of flags, where a class counts that any row has."""
    truth, values, weights = sample
    values[:2] = 0, 1

    _hold(metric, (truth, values, weights))


@pytest.mark.parametrize(
    "metric",
    [
        auc,
        average_precision,
        brier,
        expected_calibration_error,
        fixed_calibration_error,
        precision_at(0.2),
        share,
    ],
    ids=str,
)
@settings(deadline=None)
@given(sample=samples())
def test_a_weight_is_so_many_rows(metric: Metric, sample: Sample) -> None:
    """To count a row three times is to have it three times."""
    _hold(metric, sample)


def test_a_metric_of_others_is_measured_draw_by_draw() -> None:
    """What cannot be computed at once is computed of each draw, with the same result."""
    rng = np.random.default_rng(1)
    truth, scores = rng.integers(0, 2, 60), rng.random(60)
    weights = draw_weights(60, 20, 3)

    slow = over_draws(lambda y, p: float(abs(y - p).mean()), truth, scores, weights)

    once = over_draws(share, truth, abs(truth - scores), weights)
    assert slow == pytest.approx(once, abs=1e-6)


def test_three_classes_are_averaged() -> None:
    """A class that is never said counts as nothing, and none is forgotten."""
    truth = np.array([0, 0, 1, 2])

    assert macro_f1(truth, np.array([0.0, 0, 1, 1])) == pytest.approx((1 + 2 / 3) / 3)


def test_posts_of_the_same_score_share_the_budget() -> None:
    """Two places for four posts with the top score, one of them right: a quarter."""
    truth = np.array([1, 0, 0, 0, 1, 0, 0, 0, 0, 0])
    scores = np.array([0.9] * 4 + [0.5] * 6)

    assert precision_at(0.2)(truth, scores) == pytest.approx(0.25)
    assert precision_at(0.4)(truth, scores) == pytest.approx(0.25)
    assert precision_at(1)(truth, scores) == pytest.approx(0.2)


def test_a_budget_is_rounded_up() -> None:
    """Of ten posts a budget of 2 % still is one."""
    assert precision_at(0.02)(np.array([1] + [0] * 9), np.linspace(1, 0, 10)) == 1


@pytest.mark.parametrize("budget", [0, -1, 1.5])
def test_a_budget_is_a_part(budget: float) -> None:
    """A budget of nothing or of more than all is refused."""
    with pytest.raises(ValueError, match="no part"):
        precision_at(budget)


def test_one_class_has_no_area() -> None:
    """Where a class is absent there is no ranking, and no warning either."""
    assert np.isnan(auc(np.zeros(3, dtype=np.int64), np.arange(3.0)))
