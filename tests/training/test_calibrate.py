"""Calibrated scores are probabilities, and thresholds keep their promises."""

import numpy as np

from training.calibrate import choose_thresholds, fit_platt
from training.metrics import expected_calibration_error
from training.recipe import ThresholdSection

SECTION = ThresholdSection(urgent_precision=0.9, protected_flagged=0.1)


def test_platt_repairs_overconfidence() -> None:
    """Logits that are three times too large become honest probabilities."""
    rng = np.random.default_rng(0)
    logits = rng.normal(0, 2, 5000)
    truth = (rng.random(5000) < 1 / (1 + np.exp(-logits))).astype(np.int64)
    loud = (3 * logits).astype(np.float32)

    c = fit_platt(loud, truth)

    before = expected_calibration_error(truth, 1 / (1 + np.exp(-loud)))
    after = expected_calibration_error(
        truth, 1 / (1 + np.exp(-(c.slope * loud + c.intercept)))
    )
    assert after < 0.03 < before


def test_protected_speech_raises_the_threshold() -> None:
    """A threshold that flags too much protected speech is not chosen."""
    rng = np.random.default_rng(0)
    truth = rng.integers(0, 2, 1000)
    scores = np.clip(truth * 0.4 + rng.random(1000) * 0.6, 0, 1)
    protected = rng.random(500) * 0.9
    corpora = ["a"] * 1000

    free = choose_thresholds(truth, scores, corpora, protected[:0], SECTION)
    bound = choose_thresholds(truth, scores, corpora, protected, SECTION)

    assert bound.review > free.review
    assert (protected >= bound.review).mean() <= 0.1


def test_urgent_is_above_review_and_precise() -> None:
    """What is called urgent is right nine times in ten on the dev split."""
    rng = np.random.default_rng(1)
    scores = rng.random(4000)
    truth = (rng.random(4000) < scores).astype(np.int64)

    t = choose_thresholds(truth, scores, ["a"] * 4000, scores[:0], SECTION)

    assert t.review_urgent > t.review
    assert truth[scores >= t.review_urgent].mean() >= 0.9


def test_every_corpus_counts_alike() -> None:
    """A large corpus does not drown a small one in the choice of a threshold."""
    small_truth, small = np.array([0, 1] * 20), np.array([0.1, 0.5] * 20)
    large_truth, large = np.array([0, 1] * 2000), np.array([0.4, 0.9] * 2000)
    truth = np.concatenate([small_truth, large_truth])
    scores = np.concatenate([small, large])
    corpora = ["small"] * 40 + ["large"] * 4000

    t = choose_thresholds(truth, scores, corpora, scores[:0], SECTION)

    assert 0.4 < t.review <= 0.5
