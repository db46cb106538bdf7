"""Thresholds keep their promises on the rows that they were chosen on."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from kiemtin.labels import Label
from tests.fixtures.judged import NONE, SECTION, a_pool, joined, judged
from training.calibrating.thresholds import choose, choose_thresholds
from training.evaluation.scored import Scored
from training.recipes import TrainRecipe, load_recipe
from training.recipes.tuning import AssumedNegative

RECIPE = load_recipe("smoke", TrainRecipe).model_copy(update={"thresholds": SECTION})


def _dev(label: Label = Label.SCAM) -> Scored:
    rng = np.random.default_rng(0)
    truth = rng.integers(0, 2, 1000)
    scores = np.clip(truth * 0.4 + rng.random(1000) * 0.6, 0, 1)
    harm = {Label.ABUSIVE: truth, Label.HATE: truth}
    return joined(judged("one", {label: truth}, scores), judged("vihsd", harm, scores))


@given(
    seed=st.integers(0, 10_000),
    rule=st.sampled_from(["f1", "precision", "budget", "cost"]),
)
@settings(max_examples=15, deadline=None)
def test_every_rule_gives_thresholds_of_every_label(seed: int, rule: str) -> None:
    """They ascend, whatever the scores, and the choice is the same each time."""
    section = SECTION.model_copy(update={"rule": rule})
    evidence = a_pool(seed, n=120, speech=60)

    chosen = choose(evidence, section)

    assert list(chosen) == list(Label)
    for x in chosen.values():
        assert 0 < x.review <= x.review_urgent <= 1
        assert x.abstain is None or 0 < x.abstain < x.review
    assert choose(evidence, section) == chosen


def test_protected_speech_raises_the_threshold() -> None:
    """All labels together flag no more protected speech than they may."""
    speech = np.random.default_rng(1).random(500) * 0.9
    protected = judged("protected_speech", {}, speech)

    free = choose_thresholds(_dev(), NONE, RECIPE)
    bound = choose_thresholds(_dev(), protected, RECIPE)

    for label in (Label.SCAM, Label.ABUSIVE):
        assert bound[label].review > free[label].review
    least = min(bound[x].review for x in Label if x is not Label.HATE)
    assert (speech >= least).mean() <= SECTION.protected_flagged


def test_every_corpus_counts_alike() -> None:
    """A large corpus does not drown a small one in the choice of a threshold."""
    small = judged("small", {Label.SPAM: np.array([0, 1] * 20)}, _pairs(0.1, 0.5, 20))
    large = judged(
        "large", {Label.SPAM: np.array([0, 1] * 2000)}, _pairs(0.4, 0.9, 2000)
    )

    spam = choose_thresholds(joined(_dev(), small, large), NONE, RECIPE)[Label.SPAM]

    assert 0.4 < spam.review <= 0.5


def test_a_handful_of_rows_is_no_corpus() -> None:
    """Five rows that carry the label do not outweigh hundreds."""
    few = judged("few", {Label.SPAM: np.array([0, 1] * 5)}, _pairs(0.1, 0.2, 5))
    large = judged("large", {Label.SPAM: np.array([0, 1] * 500)}, _pairs(0.4, 0.9, 500))

    spam = choose_thresholds(joined(_dev(), few, large), NONE, RECIPE)[Label.SPAM]

    assert spam.review > 0.4


def test_offensive_and_hate_are_told_apart() -> None:
    """Hate begins where hateful rows begin, not where abusive ones do."""
    truth = np.array([0, 0, 1, 2] * 50)
    scores = np.array([0.1, 0.2, 0.5, 0.8] * 50)
    harm = {Label.ABUSIVE: (truth > 0) * 1, Label.HATE: (truth > 1) * 1}
    dev = joined(
        judged("one", {Label.SCAM: truth % 2}, scores),
        judged("safesense", harm, scores),
    )

    chosen = choose_thresholds(dev, NONE, RECIPE)

    assert 0.2 < chosen[Label.ABUSIVE].review <= 0.5
    assert 0.5 < chosen[Label.HATE].review <= 0.8


def test_rows_assumed_free_raise_the_threshold() -> None:
    """A label that calls every other kind of text by its name is held back."""
    others = np.random.default_rng(2).random(500) * 0.9
    dev = joined(_dev(), judged("posts", {Label.SPAM: np.zeros(500, int)}, others))
    free = AssumedNegative(label=Label.SCAM, corpora=("posts",), weight=0.2)
    held = RECIPE.model_copy(update={"assumed_negative": (free,)})

    chosen = choose_thresholds(dev, NONE, held)[Label.SCAM].review

    assert chosen > choose_thresholds(dev, NONE, RECIPE)[Label.SCAM].review
    assert (others >= chosen).mean() <= 0.05


@pytest.mark.parametrize("rule", ["f1", "precision", "budget", "cost"])
def test_label_that_nobody_speaks_of_is_hardly_flagged(rule: str) -> None:
    """Without rows to choose on, only near certainty is a matter for people."""
    section = SECTION.model_copy(update={"rule": rule})
    recipe = RECIPE.model_copy(update={"thresholds": section})

    chosen = choose_thresholds(_dev(), NONE, recipe)[Label.UNRELIABLE]

    assert (chosen.abstain, chosen.review) == (None, 0.99)


def _pairs(low: float, high: float, n: int) -> NDArray[np.float64]:
    return np.array([low, high] * n)
