"""What thresholds are chosen on: scored rows, as truth and scores of each label."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from kiemtin.labels import Label
from training.evaluation.scored import THREE_CLASSES, Scored
from training.recipes.tuning import AssumedNegative

Values = NDArray[np.float64]
Truth = NDArray[np.int64]
Part = tuple[Truth, Values]
"""Truth and scores of the rows of one corpus, both of shape (rows,)."""

TOGETHER = ""
"""In place of a corpus: all of them."""
_FEW = 10
"""A corpus with fewer rows that carry a label has no voice of its own."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """
    Scored rows on which thresholds are chosen.

    Attributes:
        dev: Labelled rows.
        protected: The dev half of protected speech.
        assumed: Which corpora are taken as free of which label.
        posts: Scores of the posts on which shares are counted, of shape (posts, labels).
    """

    dev: Scored
    protected: Scored
    assumed: tuple[AssumedNegative, ...]
    posts: Values

    def known(self, label: Label) -> Part:
        """Return the rows that carry an answer for *label*."""
        return known(self.dev, label)

    def parts(self, label: Label) -> dict[str, Part]:
        """
        Return the same by corpus, of those with rows enough to judge by.

        If there are none, all of them together; nothing, if no row carries the label.
        """
        names = sorted({r.corpus for r in self.dev.rows})
        parts = {c: known(self.dev.of(c), label) for c in names}
        large = {c: p for c, p in parts.items() if p[0].sum() >= _FEW}
        together = self.known(label)
        return large or ({TOGETHER: together} if together[0].any() else {})

    def three_classes(self) -> list[tuple[Truth, Values, Values]]:
        """Return class (0 clean, 1 offensive, 2 hate) and scores of abusive and hate."""
        parts = [p for c in THREE_CLASSES if (p := self.dev.of(c)).rows]
        return [
            (
                p.truth(Label.ABUSIVE) + p.truth(Label.HATE),
                column(p, Label.ABUSIVE),
                column(p, Label.HATE),
            )
            for p in parts
        ]

    def hate_within(self, abusive: float) -> "Evidence":
        """Return the same with hate at 0 wherever abusive is below its threshold."""
        return replace(
            self,
            dev=replace(self.dev, scores=_hate_within(self.dev.scores, abusive)),
            posts=_hate_within(self.posts, abusive),
        )

    def assumed_free(self, label: Label) -> Values:
        """Return the scores of dev rows that the recipe takes as free of *label*."""
        free = {c for a in self.assumed if a.label is label for c in a.corpora}
        rows = [i for i, r in enumerate(self.dev.rows) if r.corpus in free]
        return column(self.dev, label)[rows]

    def benign(self) -> Values:
        """Return the scores of dev rows of which every answer is no, (rows, labels)."""
        return self.dev.scores[benign_rows(self.dev)]


def known(part: Scored, label: Label) -> Part:
    """Return truth and scores of the rows of *part* that carry an answer for *label*."""
    rows = [i for i, r in enumerate(part.rows) if label in r.labels]
    truth = np.array([int(part.rows[i].labels[label]) for i in rows], dtype=np.int64)
    return truth, column(part, label)[rows]


def benign_rows(part: Scored) -> list[int]:
    """Return the rows of which everything that annotators said is no."""
    rows = enumerate(part.rows)
    return [i for i, r in rows if r.labels and not any(r.labels.values())]


def column(part: Scored, label: Label) -> Values:
    """Return the scores of *label*, of shape (rows,)."""
    return part.scores[:, list(Label).index(label)]


def _hate_within(scores: Values, abusive: float) -> Values:
    whole, part = (list(Label).index(x) for x in (Label.ABUSIVE, Label.HATE))
    within = scores.copy()
    within[scores[:, whole] < abusive, part] = 0
    return within
