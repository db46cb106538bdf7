"""What a bundle loses when texts are written otherwise: as people do, or to evade it."""

from collections.abc import Mapping, Sequence

from pydantic import BaseModel, ConfigDict

from training.evaluation.comparison import Difference, aligned, compare
from training.evaluation.scored import Scored
from training.evaluation.scores import CLEAN

EXAMINED = (
    "stripped",
    "half_stripped",
    "teencode",
    "split",
    "look_alike",
    "zero_width",
)
"""Of ``training.perturb``; the others are there to be asked for."""


class Change(BaseModel):
    """
    What a perturbation does to a figure: that of changed copies less that of clean text.

    Attributes:
        difference: Below 0 where it costs something.
        low: Where its 95 % interval begins, by a bootstrap over the same rows.
        high: Where it ends.
    """

    model_config = ConfigDict(frozen=True)

    difference: float
    low: float
    high: float


class Robustness(BaseModel):
    """
    Figures of one corpus and label on clean and on changed copies of the same rows.

    Attributes:
        corpus: Whose rows.
        figure: Such as ``unreliable.auc`` or ``three_classes.macro_f1``.
        values: By perturbation, ``clean`` among them.
        changes: By perturbation, against clean.
        rows: How many.
    """

    model_config = ConfigDict(frozen=True)

    corpus: str
    figure: str
    values: dict[str, float]
    changes: dict[str, Change] = {}
    rows: int


def measure_robustness(clean: Scored, copies: Mapping[str, Scored]) -> list[Robustness]:
    """
    Return the figures of every corpus and label, clean and perturbed.

    Flags are those of the thresholds in the bundle, which are chosen on clean text.
    Rows of which the bundle refuses any copy are left out of all.

    Args:
        clean: The rows as they are.
        copies: The same rows by perturbation.
    """
    base, *others = aligned([clean, *copies.values()])
    compared = [compare(other, base) for other in others]
    return [
        _together(dict(zip(copies, found, strict=True)))
        for found in zip(*compared, strict=True)
    ]


def mean_values(found: Sequence[Robustness], figure: str) -> dict[str, float]:
    """Return the mean of a kind of figure, such as ``auc``, over corpora and labels."""
    kind = [x for x in found if x.figure.endswith(f".{figure}")]
    names = kind[0].values if kind else {}
    return {n: round(sum(x.values[n] for x in kind) / len(kind), 4) for n in names}


def _together(found: Mapping[str, Difference]) -> Robustness:
    first = next(iter(found.values()))
    return Robustness(
        corpus=first.corpus,
        figure=first.figure,
        values={CLEAN: first.theirs} | {n: d.ours for n, d in found.items()},
        changes={
            n: Change(difference=d.difference, low=d.low, high=d.high)
            for n, d in found.items()
        },
        rows=first.rows,
    )
