"""Thresholds keep their promises on the rows that they were chosen on."""

import numpy as np
from numpy.typing import NDArray

from kiemtin.labels import Label
from training.corpora.row import Head, Row
from training.evaluate import Scored
from training.recipe import (
    AssumedNegative,
    ThresholdSection,
    TrainRecipe,
    load_recipe,
)
from training.thresholds import choose_thresholds

RECIPE = load_recipe("smoke", TrainRecipe).model_copy(
    update={
        "thresholds": ThresholdSection(
            urgent_precision=0.9, protected_flagged=0.1, others_flagged=0.05
        )
    }
)
NONE = Scored([], np.zeros((0, len(Label))), np.zeros((0, len(Label)), dtype=bool))


def _scored(
    corpus: str, truth: dict[Label, NDArray[np.int64]], scores: NDArray[np.float64]
) -> Scored:
    """Rows that carry the labels of *truth*, all of them scored alike."""
    rows = [
        Row(corpus, str(i), "", Head.EVERY, {x: bool(t[i]) for x, t in truth.items()})
        for i in range(len(scores))
    ]
    columns = np.repeat(scores[:, None], len(Label), axis=1)
    return Scored(rows, columns, columns > 1)


def _joined(*parts: Scored) -> Scored:
    return Scored(
        [r for p in parts for r in p.rows],
        np.concatenate([p.scores for p in parts]),
        np.concatenate([p.flags for p in parts]),
    )


def _dev(label: Label = Label.SCAM) -> Scored:
    rng = np.random.default_rng(0)
    truth = rng.integers(0, 2, 1000)
    scores = np.clip(truth * 0.4 + rng.random(1000) * 0.6, 0, 1)
    harm = {Label.ABUSIVE: truth, Label.HATE: truth}
    return _joined(
        _scored("one", {label: truth}, scores), _scored("vihsd", harm, scores)
    )


def test_protected_speech_raises_the_threshold() -> None:
    """A threshold that flags too much protected speech is not chosen."""
    speech = np.random.default_rng(1).random(500) * 0.9
    protected = _scored("protected_speech", {}, speech)

    free = choose_thresholds(_dev(), NONE, RECIPE)
    bound = choose_thresholds(_dev(), protected, RECIPE)

    for label in (Label.SCAM, Label.ABUSIVE):
        assert bound[label].review > free[label].review
        assert (speech >= bound[label].review).mean() <= 0.1


def test_urgent_is_above_review_and_precise() -> None:
    """What is called urgent is right nine times in ten on the dev split."""
    rng = np.random.default_rng(1)
    scores = rng.random(4000)
    truth = (rng.random(4000) < scores).astype(np.int64)
    dev = _joined(_dev(), _scored("other", {Label.SPAM: truth}, scores))

    spam = choose_thresholds(dev, NONE, RECIPE)[Label.SPAM]

    assert spam.review_urgent > spam.review
    assert truth[scores >= spam.review_urgent].mean() >= 0.9


def test_every_corpus_counts_alike() -> None:
    """A large corpus does not drown a small one in the choice of a threshold."""
    small = _scored(
        "small", {Label.SPAM: np.array([0, 1] * 20)}, np.array([0.1, 0.5] * 20)
    )
    large = _scored(
        "large", {Label.SPAM: np.array([0, 1] * 2000)}, np.array([0.4, 0.9] * 2000)
    )

    spam = choose_thresholds(_joined(_dev(), small, large), NONE, RECIPE)[Label.SPAM]

    assert 0.4 < spam.review <= 0.5


def test_offensive_and_hate_are_told_apart() -> None:
    """Hate begins where hateful rows begin, not where abusive ones do."""
    truth = np.array([0, 0, 1, 2] * 50)
    scores = np.array([0.1, 0.2, 0.5, 0.8] * 50)
    harm = {Label.ABUSIVE: (truth > 0) * 1, Label.HATE: (truth > 1) * 1}
    dev = _joined(_dev(), _scored("safesense", harm, scores))
    dev = _joined(_scored("one", {Label.SCAM: truth % 2}, scores), dev.of("safesense"))

    chosen = choose_thresholds(dev, NONE, RECIPE)

    assert 0.2 < chosen[Label.ABUSIVE].review <= 0.5
    assert 0.5 < chosen[Label.HATE].review <= 0.8


def test_rows_assumed_free_raise_the_threshold() -> None:
    """A label that calls every other kind of text by its name is held back."""
    others = np.random.default_rng(2).random(500) * 0.9
    dev = _joined(_dev(), _scored("posts", {Label.SPAM: np.zeros(500, int)}, others))
    free = AssumedNegative(label=Label.SCAM, corpora=("posts",), weight=0.2)
    held = RECIPE.model_copy(update={"assumed_negative": (free,)})

    chosen = choose_thresholds(dev, NONE, held)[Label.SCAM].review

    assert chosen > choose_thresholds(dev, NONE, RECIPE)[Label.SCAM].review
    assert (others >= chosen).mean() <= 0.05


def test_label_that_nobody_speaks_of_is_hardly_flagged() -> None:
    """Without rows to choose on, only near certainty is a matter for people."""
    assert choose_thresholds(_dev(), NONE, RECIPE)[Label.UNRELIABLE].review == 0.99
