"""The thresholds around review: what is urgent, and of what nothing is concluded."""

import numpy as np
from numpy.typing import NDArray

from kiemtin.labels import Label
from training.calibrating.evidence import Evidence, Part, Values
from training.calibrating.rules import GRID, HIGHEST, MIN_ROWS, at_least
from training.recipes.outcome import ThresholdSection

Review = dict[Label, float]
Begins = dict[Label, float | None]

_NARROWER = 0.9
"""By so much bands are made narrower, again and again, until they fit together."""


def urgent_threshold(part: Part, review: float, section: ThresholdSection) -> float:
    """Return the least above *review* of which the flags are right as often as asked."""
    truth, scores = part
    hits, reached = at_least(scores[truth == 1]), at_least(scores)
    precise = (reached >= MIN_ROWS) & (hits >= section.urgent_precision * reached)
    found = GRID[(review < GRID) & precise]
    return float(found[0]) if len(found) else max(HIGHEST, review)


def abstain_thresholds(
    evidence: Evidence, review: Review, section: ThresholdSection
) -> Begins:
    """
    Return where the band below each threshold of *review* begins; None for no band.

    Below it at most *cleared_wrongly* of the rows that carry an answer carry the label:
    so little as that takes is left undecided. Of the posts at most *abstained* are in a
    band of any label; where that is too few, all bands become narrower alike.
    """
    share = section.abstained
    while True:
        begins = {x: _begin(evidence, x, review, share, section) for x in Label}
        undecided = undecided_posts(evidence.posts, review, begins).any(axis=1)
        if undecided.sum() <= section.abstained * len(evidence.posts):
            return begins
        share *= _NARROWER


def undecided_posts(
    scores: Values, review: Review, begins: Begins
) -> NDArray[np.bool_]:
    """Return of which labels nothing is concluded, of the shape of *scores*."""
    starts = [begins[x] for x in Label]
    least = np.array([np.inf if x is None else x for x in starts])
    return np.asarray((scores >= least) & ~flagged_posts(scores, review))


def flagged_posts(scores: Values, review: Review) -> NDArray[np.bool_]:
    """Return which labels are flagged, as ``Policy.flag``, of the shape of *scores*."""
    flagged = scores >= np.array([review[x] for x in Label])
    whole, part = (list(Label).index(x) for x in (Label.ABUSIVE, Label.HATE))
    flagged[:, part] &= flagged[:, whole]
    return np.asarray(flagged)


def _begin(
    evidence: Evidence,
    label: Label,
    review: Review,
    share: float,
    section: ThresholdSection,
) -> float | None:
    """Return where a band begins that holds at most *share* of the posts."""
    truth, scores = evidence.known(label)
    if not len(truth):
        return None
    missed = truth.sum() - at_least(scores[truth == 1])
    right = missed <= section.cleared_wrongly * (len(scores) - at_least(scores))
    column = list(Label).index(label)
    n_flagged = flagged_posts(evidence.posts, review)[:, column].sum()
    n_undecided = at_least(evidence.posts[:, column]) - n_flagged
    narrow = n_undecided <= share * len(evidence.posts)
    below = review[label] >= GRID
    highest_right = max(GRID[below & right], default=GRID[0])
    widest = min(GRID[below & narrow], default=review[label])
    begins = float(max(highest_right, widest))
    return begins if begins < review[label] else None
