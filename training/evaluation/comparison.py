"""Two models on the same rows: how far apart they are, and whether that may be chance."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict

from training.evaluation import weighted
from training.evaluation.bootstrap import N_SAMPLES, draw_weights, interval, p_value
from training.evaluation.metrics import ROUND, over_draws
from training.evaluation.scored import (
    THREE_CLASSES_F1,
    Measurable,
    Scored,
    measurables,
)

COMPARED = ("auc", "macro_f1", "f1")
"""Of each corpus and label; and the macro-F1 of three classes."""


class Difference(BaseModel):
    """
    A figure of two models on the same rows.

    Attributes:
        corpus: Whose rows.
        figure: Such as ``unreliable.auc``.
        ours: Of the one model.
        theirs: Of the other.
        difference: Ours less theirs.
        low: Where its 95 % interval begins.
        high: Where it ends.
        p_value: How likely draws of no difference are as far from 0, on both sides.
        rows: How many both have scored.
    """

    model_config = ConfigDict(frozen=True)

    corpus: str
    figure: str
    ours: float
    theirs: float
    difference: float
    low: float
    high: float
    p_value: float
    rows: int

    @property
    def is_clear(self) -> bool:
        """Whether 0 is outside of the interval."""
        return self.low > 0 or self.high < 0


@dataclass(frozen=True, slots=True)
class Draws:
    """How often rows are drawn again, and which."""

    n_samples: int
    seed: int


def compare(
    ours: Scored, theirs: Scored, *, n_samples: int = N_SAMPLES, seed: int = 0
) -> list[Difference]:
    """
    Return how far two models are apart in each figure, by a paired bootstrap.

    Each draw has the same rows for both, so that what is hard for both cancels out
    (Efron and Tibshirani 1993; of NLP, Berg-Kirkpatrick et al. 2012). Rows and labels
    that only one of them has scored are left out.
    """
    draws = Draws(n_samples, seed)
    ours, theirs = aligned([ours, theirs])
    return [
        _difference(corpus, one, other, draws)
        for corpus in dict.fromkeys(r.corpus for r in ours.rows)
        for one, other in _pairs(ours.of(corpus), theirs.of(corpus))
        if one.name == THREE_CLASSES_F1 or one.name.rpartition(".")[2] in COMPARED
    ]


def aligned(copies: Sequence[Scored]) -> list[Scored]:
    """Return *copies* with the rows that all of them have, in the order of the first."""
    places = [{r.key: i for i, r in enumerate(c.rows)} for c in copies]
    shared = [k for k in places[0] if all(k in p for p in places)]
    return [
        copy.pick([place[k] for k in shared])
        for copy, place in zip(copies, places, strict=True)
    ]


def _pairs(ours: Scored, theirs: Scored) -> Iterator[tuple[Measurable, Measurable]]:
    known = {m.name: m for m in measurables(theirs)}
    for measurable in measurables(ours):
        if other := known.get(measurable.name):
            yield measurable, other


def _difference(
    corpus: str, ours: Measurable, theirs: Measurable, draws: Draws
) -> Difference:
    weights = draw_weights(len(ours.truth), draws.n_samples, draws.seed)
    whole = weighted.has_every_class(ours.truth, weights)
    found = [over_draws(m.metric, m.truth, m.values, weights) for m in (ours, theirs)]
    gaps = (found[0] - found[1])[whole]
    values = [m.metric(m.truth, m.values) for m in (ours, theirs)]
    low, high = interval(gaps) if len(gaps) else (values[0] - values[1],) * 2
    return Difference(
        corpus=corpus,
        figure=ours.name,
        ours=round(values[0], ROUND),
        theirs=round(values[1], ROUND),
        difference=round(values[0] - values[1], ROUND),
        low=round(low, ROUND),
        high=round(high, ROUND),
        p_value=round(p_value(gaps), ROUND),
        rows=len(ours.truth),
    )
