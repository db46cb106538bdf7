"""Whether talk of politics counts as a harm: figures that no threshold decides."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from kiemtin.labels import Label
from training.evaluation.metrics import Figure, auc, measure, share
from training.evaluation.scored import Scored, benign
from training.politics import is_political

OTHERS_FLAGGED = 0.1
"""Protected speech is flagged at the scores that so many of other benign posts reach."""
LEAST_OF_A_CLASS = 5
"""An AUC over fewer positives or fewer negatives says nothing."""


class BiasFigures(BaseModel):
    """
    How a label treats political posts; a figure is absent where too few rows carry it.

    The AUCs are of Borkan et al. 2019 (arXiv:1903.04561), the subgroup being posts
    with a political term; 0.5 is no better than chance.

    Attributes:
        political: How many dev rows with the label known have a political term.
        protected_flagged: The part of protected speech that scores as high as the
            highest tenth of other benign posts does; a tenth would be fair.
        subgroup_auc: Among political rows, those with the label above those without.
        bpsn_auc: Other rows with the label above political rows without it
            (background positive, subgroup negative): low if politics is punished.
        bnsp_auc: Political rows with the label above other rows without it: low if
            politics is an excuse.
        protected_auc: Other rows with the label above protected speech.
    """

    model_config = ConfigDict(frozen=True)

    political: int
    protected_flagged: Figure | None = None
    subgroup_auc: Figure | None = None
    bpsn_auc: Figure | None = None
    bnsp_auc: Figure | None = None
    protected_auc: Figure | None = None


def bias(dev: Scored, protected: Scored) -> dict[Label, BiasFigures]:
    """Return how each label treats politics in *dev* and in *protected* speech."""
    others = benign(dev)
    return {x: _of_label(x, dev, protected, others) for x in Label}


def protected_flagged(dev: Scored, protected: Scored) -> Figure | None:
    """
    Return the part of protected speech that any label would flag, None without rows.

    All labels are as strict as each other, and so strict that together they flag a
    tenth of other benign posts: whatever thresholds a model has, a tenth would be fair.
    """
    others = benign(dev)
    return _share_beyond(-_rarity(others, others), -_rarity(protected, others))


def _of_label(
    label: Label, dev: Scored, protected: Scored, others: Scored
) -> BiasFigures:
    known = dev.knowing(label)
    political = np.array([is_political(r.text) for r in known.rows], dtype=bool)
    truth, score = known.truth(label).astype(bool), known.score(label)
    positive, negative = score[truth & ~political], score[~truth & ~political]
    subgroup = score[truth & political], score[~truth & political]
    return BiasFigures(
        political=int(political.sum()),
        protected_flagged=_share_beyond(others.score(label), protected.score(label)),
        subgroup_auc=_auc(*subgroup),
        bpsn_auc=_auc(positive, subgroup[1]),
        bnsp_auc=_auc(subgroup[0], negative),
        protected_auc=_auc(positive, protected.score(label)),
    )


def _auc(positive: NDArray[np.float64], negative: NDArray[np.float64]) -> Figure | None:
    if min(len(positive), len(negative)) < LEAST_OF_A_CLASS:
        return None
    truth = np.repeat(np.array([1, 0], dtype=np.int64), [len(positive), len(negative)])
    return measure(auc, truth, np.concatenate([positive, negative]))


def _share_beyond(
    others: NDArray[np.float64], protected: NDArray[np.float64]
) -> Figure | None:
    """Return which part of *protected* is above all but the highest tenth of *others*."""
    if not len(others) or not len(protected):
        return None
    threshold = np.quantile(others, 1 - OTHERS_FLAGGED)
    flagged = (protected > threshold).astype(np.float64)
    return measure(share, np.zeros(len(flagged), dtype=np.int64), flagged)


def _rarity(scored: Scored, others: Scored) -> NDArray[np.float64]:
    """Return for each row the least part of *others* that scores as high, by any label."""
    tails = np.array(list(_tails(scored, others)), dtype=np.float64)
    return np.asarray(tails.min(axis=0))


def _tails(scored: Scored, others: Scored) -> Iterator[NDArray[np.float64]]:
    for label in Label:
        ordered = np.sort(others.score(label))
        below = np.searchsorted(ordered, scored.score(label), side="left")
        yield 1 - below / max(1, len(ordered))
