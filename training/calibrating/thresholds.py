"""Thresholds, chosen on the dev split and on the dev half of protected speech."""

import numpy as np
from numpy.typing import NDArray

from kiemtin.bundle import Thresholds
from kiemtin.labels import Label
from training.evaluate import THREE_CLASSES, Scored
from training.metrics import macro_f1
from training.recipe import TrainRecipe

Values = NDArray[np.float64]

_GRID = np.arange(0.04, 0.97, 0.03).round(2)
_HIGHEST = 0.99
_MIN_URGENT = 20
"""So many dev rows at least must speak for a threshold of urgency."""


def choose_thresholds(
    dev: Scored, protected: Scored, recipe: TrainRecipe
) -> dict[Label, Thresholds]:
    """
    Return the thresholds of every label.

    Review: those with the best macro-F1, as a mean over the corpora that carry the
    label, among those that flag at most the allowed shares of protected speech and of
    rows that the recipe assumes to be free of the label. For abusive and hate together
    it is that of the classes clean, offensive and hate.
    Urgent: the least above review whose precision on the dev split is as asked.
    """
    section = recipe.thresholds
    allowed = {x: _allowed(dev, protected, x, recipe) for x in Label}
    review = _review_harm(dev, allowed[Label.ABUSIVE])
    for label in Label:
        if label not in review:
            review[label] = _review(dev, label, allowed[label])
    return {
        x: Thresholds(
            review=float(review[x]),
            review_urgent=_urgent(dev, x, review[x], section.urgent_precision),
        )
        for x in Label
    }


def _review(dev: Scored, label: Label, allowed: list[float]) -> float:
    parts = [_known(dev.of(c), label) for c in sorted({r.corpus for r in dev.rows})]
    parts = [(truth, scores) for truth, scores in parts if truth.any()]
    if not parts:
        return _HIGHEST
    return max(
        allowed,
        key=lambda t: np.mean(
            [macro_f1(y, (p >= t).astype(np.float64)) for y, p in parts]
        ),
    )


def _review_harm(dev: Scored, allowed: list[float]) -> dict[Label, float]:
    """Return abusive and hate; hate counts only where abusive is flagged."""
    parts = []
    for corpus in THREE_CLASSES:
        part = dev.of(corpus)
        if part.rows:
            truth = part.truth(Label.ABUSIVE) + part.truth(Label.HATE)
            abusive, hate = (_column(part, x) for x in (Label.ABUSIVE, Label.HATE))
            parts.append((truth, abusive, hate))

    if not parts:
        return {Label.ABUSIVE: _HIGHEST, Label.HATE: _HIGHEST}

    def mean_f1(abusive: float, hate: float) -> float:
        found = [
            macro_f1(y, np.where(a < abusive, 0.0, np.where(h < hate, 1.0, 2.0)))
            for y, a, h in parts
        ]
        return float(np.mean(found))

    pairs = [(a, h) for a in allowed for h in _GRID]
    best = max(pairs, key=lambda p: mean_f1(*p))
    return {Label.ABUSIVE: float(best[0]), Label.HATE: float(best[1])}


def _urgent(dev: Scored, label: Label, review: float, precision: float) -> float:
    truth, scores = _known(dev, label)
    for t in [x for x in _GRID if x > review]:
        reached = scores >= t
        if reached.sum() < _MIN_URGENT:
            break
        if truth[reached].mean() >= precision:
            return float(t)
    return _HIGHEST


def _allowed(
    dev: Scored, protected: Scored, label: Label, recipe: TrainRecipe
) -> list[float]:
    """Return the thresholds that spare protected speech and rows assumed free."""
    free = {c for a in recipe.assumed_negative if a.label is label for c in a.corpora}
    others = [i for i, r in enumerate(dev.rows) if r.corpus in free]
    speech, rest = _column(protected, label), _column(dev, label)[others]
    section = recipe.thresholds
    kept = [
        float(t)
        for t in _GRID
        if _share(speech, t) <= section.protected_flagged
        and _share(rest, t) <= section.others_flagged
    ]
    return kept or [_HIGHEST]


def _share(scores: Values, threshold: float) -> float:
    return float((scores >= threshold).mean()) if len(scores) else 0.0


def _known(part: Scored, label: Label) -> tuple[NDArray[np.int64], Values]:
    """Return truth and scores of the rows that carry *label*."""
    rows = [i for i, r in enumerate(part.rows) if label in r.labels]
    truth = np.array([int(part.rows[i].labels[label]) for i in rows], dtype=np.int64)
    return truth, _column(part, label)[rows]


def _column(part: Scored, label: Label) -> Values:
    return part.scores[:, list(Label).index(label)]
