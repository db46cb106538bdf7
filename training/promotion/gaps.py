"""How far two models are apart on the same rows, in one figure for many labels."""

from collections.abc import Collection, Iterator
from statistics import NormalDist
from zlib import crc32

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from kiemtin.labels import Label
from training.evaluation import weighted
from training.evaluation.bootstrap import draw_weights, interval
from training.evaluation.comparison import aligned
from training.evaluation.metrics import over_draws
from training.evaluation.scored import Measurable, Scored, measurables

RANKING = "auc"
COMPARED = (RANKING, "macro_f1")
LEAST_ROWS = 30
"""Of a corpus; fewer say nothing."""
LEAST_OF_A_CLASS = 8
"""With fewer of a class, a label of a corpus says nothing."""

_N_SAMPLES = 1000
_ROUND = 4


class Gap(BaseModel):
    """
    The mean of figures over corpora and labels, of two models on the same rows.

    Attributes:
        difference: Ours less theirs; below 0, ours loses.
        low: Where its 95 % interval begins.
        high: Where it ends.
        p_worse: How likely a difference as low or lower is if there is none: the normal
            approximation with the standard error of the draws, as their shares cannot
            tell p-values below one in their number.
        rows: How many both have scored.
        figures: Over how many figures the mean is.
    """

    model_config = ConfigDict(frozen=True)

    difference: float
    low: float
    high: float
    p_worse: float
    rows: int
    figures: int


def measure_gap(
    ours: Scored,
    theirs: Scored,
    *,
    only: Label | None = None,
    kinds: Collection[str] = COMPARED,
    least_rows: int = LEAST_ROWS,
    seed: int = 0,
) -> Gap | None:
    """
    Return how far apart two models are, None if too few rows carry a label.

    A paired bootstrap within each corpus: each draw has the same rows for both.

    Args:
        ours: Of the one model.
        theirs: Of the other; rows that only one has scored are left out.
        only: Of this label rather than of all.
        kinds: Of AUC or macro-F1 alone, if not of both.
        least_rows: A corpus with fewer does not count.
        seed: Decides which rows are drawn.
    """
    ours, theirs = aligned([ours, theirs])
    values, draws, n_rows = [], [], 0
    for corpus in sorted({r.corpus for r in ours.rows}):
        parts = ours.of(corpus), theirs.of(corpus)
        n = len(parts[0].rows)
        pairs = list(_pairs(*parts, only, kinds)) if n >= least_rows else []
        # Of its own name, so that no other corpus changes what is drawn of this one.
        weights = draw_weights(n, _N_SAMPLES, seed + crc32(corpus.encode()))
        n_rows += n if pairs else 0
        for one, other in pairs:
            whole = weighted.has_every_class(one.truth, weights)
            found = [
                over_draws(m.metric, m.truth, m.values, weights) for m in (one, other)
            ]
            draws.append(np.where(whole, found[0] - found[1], np.nan))
            values.append(_value(one) - _value(other))
    if not values:
        return None
    drawn = np.array(draws)
    # A draw may lack a class everywhere; of one that lacks it somewhere the rest counts.
    means = np.nanmean(drawn[:, ~np.isnan(drawn).all(axis=0)], axis=0)
    return _gap(float(np.mean(values)), means, n_rows, len(values))


def _pairs(
    ours: Scored, theirs: Scored, only: Label | None, kinds: Collection[str]
) -> Iterator[tuple[Measurable, Measurable]]:
    # Three classes are no label of their own: the two that make them are compared.
    labels = set(Label) if only is None else {only}
    for one, other in zip(measurables(ours), measurables(theirs), strict=True):
        label, _, kind = one.name.partition(".")
        if label in labels and kind in kinds and _is_enough(one.truth):
            yield one, other


def _is_enough(truth: NDArray[np.int64]) -> bool:
    return min(int(truth.sum()), int((truth == 0).sum())) >= LEAST_OF_A_CLASS


def _value(figure: Measurable) -> float:
    return figure.metric(figure.truth, figure.values)


def _gap(value: float, draws: NDArray[np.float64], rows: int, figures: int) -> Gap:
    low, high = interval(draws)
    error = float(np.std(draws))
    p_worse = NormalDist().cdf(value / error) if error else float(value >= 0)
    return Gap(
        difference=round(value, _ROUND),
        low=round(low, _ROUND),
        high=round(high, _ROUND),
        p_worse=p_worse,
        rows=rows,
        figures=figures,
    )
