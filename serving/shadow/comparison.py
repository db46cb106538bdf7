"""Two models on the same posts, in counts; nothing of a post is kept."""

from bisect import bisect_left
from collections import Counter
from datetime import datetime
from enum import StrEnum
from itertools import accumulate

from kiemtin.labels import Label, Recommendation
from kiemtin.schemas import ScoreOut
from serving.shadow.slices import Slice, slices_of

EDGES = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0)
"""Up to where differences of probabilities are counted together."""


class Flagged(StrEnum):
    """Which of the two flagged a post."""

    BOTH = "both"
    CHAMPION = "champion"
    CHALLENGER = "challenger"
    NEITHER = "neither"


_FLAGGED = {
    (True, True): Flagged.BOTH,
    (True, False): Flagged.CHAMPION,
    (False, True): Flagged.CHALLENGER,
    (False, False): Flagged.NEITHER,
}


class LabelCounts:
    """How two models differ in one label."""

    def __init__(self) -> None:
        self.flagged: Counter[Flagged] = Counter()
        self.total = 0.0
        self.largest = 0.0
        self._buckets = [0] * len(EDGES)

    def add(self, difference: float, flagged: Flagged) -> None:
        """Count a post whose probabilities are *difference* apart."""
        self.flagged[flagged] += 1
        self.total += difference
        self.largest = max(self.largest, difference)
        # The scores have four decimals; 0.3 - 0.1 has sixteen, and they are not 0.2.
        self._buckets[bisect_left(EDGES, round(difference, 6))] += 1

    @property
    def n(self) -> int:
        """How many posts were counted."""
        return self.flagged.total()

    def at_most(self) -> dict[float, int]:
        """Return how many are at most so far apart."""
        return dict(zip(EDGES, accumulate(self._buckets), strict=True))


class SliceCounts:
    """How two models differ on the posts of one slice."""

    def __init__(self) -> None:
        self.n = 0
        self.recommended: Counter[tuple[Recommendation, Recommendation]] = Counter()
        self.labels = {x: LabelCounts() for x in Label}


class Comparison:
    """
    A challenger beside one champion.

    Attributes:
        champion: The digest of the model that serves.
        since: When counting began.
        n_dropped: Posts for which there was no room, or no time.
        n_failed: Posts that the challenger could not score.
        slices: The others.
    """

    def __init__(self, champion: str, since: datetime) -> None:
        self.champion = champion
        self.since = since
        self.n_dropped = 0
        self.n_failed = 0
        self.slices = {x: SliceCounts() for x in Slice}

    @property
    def n_compared(self) -> int:
        """How many posts both have scored."""
        return self.slices[Slice.ALL].n

    def add(self, ours: ScoreOut, theirs: ScoreOut) -> None:
        """Count a post of which the champion says *ours* and the challenger *theirs*."""
        for name in slices_of(ours):
            counts = self.slices[name]
            counts.n += 1
            counts.recommended[ours.recommendation, theirs.recommendation] += 1
            for label, label_counts in counts.labels.items():
                label_counts.add(
                    abs(ours.scores[label] - theirs.scores[label]),
                    _FLAGGED[ours.flagged[label], theirs.flagged[label]],
                )
