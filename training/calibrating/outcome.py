"""What thresholds would do: to queues, to what is found, to protected speech."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from kiemtin.labels import Label
from kiemtin.manifest import Thresholds
from training.calibrating.bands import flagged_posts, undecided_posts
from training.calibrating.evidence import Evidence
from training.calibrating.intervals import wilson
from training.evaluation.metrics import Figure

Flags = NDArray[np.bool_]


class Outcome(BaseModel):
    """
    What one label's thresholds would do, or those of any label.

    Attributes:
        queued: The share of the posts that goes to review.
        a_day: The same in posts a day.
        urgent: The share of the posts that is urgent.
        undecided: The share of which nothing is concluded.
        precision: Which part of the flags on dev is right; None without flags or truth.
        recall: Which part of the dev rows that carry the label is flagged.
        cleared_wrongly: Which part of the dev rows that are neither flagged nor left
            undecided carries the label; None for any label, of which rows say too
            little.
        protected: The share of protected speech that is flagged, on its dev half.
        benign: The share of the other benign dev rows that is flagged.
        ratio: The one to the other; None if no other benign row is flagged.
    """

    model_config = ConfigDict(frozen=True)

    queued: float
    a_day: float
    urgent: float
    undecided: float
    precision: Figure | None
    recall: Figure | None
    cleared_wrongly: Figure | None
    protected: Figure | None
    benign: float
    ratio: float | None


class Choice(BaseModel):
    """Thresholds, why these, and what they would do."""

    model_config = ConfigDict(frozen=True)

    name: str
    """``present``, or the rule that they were chosen by."""
    thresholds: dict[Label, Thresholds]
    labels: dict[Label, Outcome]
    any: Outcome


def foresee(
    name: str,
    thresholds: dict[Label, Thresholds],
    evidence: Evidence,
    posts_a_day: float,
) -> Choice:
    """Return what *thresholds*, called *name*, would do with *posts_a_day*."""
    review = {x: t.review for x, t in thresholds.items()}
    begins = {x: t.abstain for x, t in thresholds.items()}
    urgent = np.array([thresholds[x].review_urgent for x in Label])
    posts = evidence.posts
    flagged = flagged_posts(posts, review)
    seen = _Seen(
        queued=flagged,
        urgent=flagged & (posts >= urgent),
        undecided=undecided_posts(posts, review, begins),
        dev=flagged_posts(evidence.dev.scores, review),
        dev_undecided=undecided_posts(evidence.dev.scores, review, begins),
        protected=flagged_posts(evidence.protected.scores, review),
        benign=flagged_posts(evidence.benign(), review),
    )
    return Choice(
        name=name,
        thresholds=thresholds,
        labels={x: _outcome(seen, x, evidence, posts_a_day) for x in Label},
        any=_outcome(seen, None, evidence, posts_a_day),
    )


@dataclass(frozen=True, slots=True)
class _Seen:
    """Which rows come out how, each of shape (rows, labels)."""

    queued: Flags
    urgent: Flags
    undecided: Flags
    dev: Flags
    dev_undecided: Flags
    protected: Flags
    benign: Flags

    def share(self, part: str, label: Label | None) -> float:
        hits = _of(getattr(self, part), label)
        return round(float(hits.mean()), 6) if len(hits) else 0.0


def _outcome(
    seen: _Seen, label: Label | None, evidence: Evidence, posts_a_day: float
) -> Outcome:
    queued, benign = seen.share("queued", label), seen.share("benign", label)
    spoken = _of(seen.protected, label)
    protected = _figure(int(spoken.sum()), len(spoken))
    # Few rows say yes or no to every label, so that of any label nothing is known.
    known = np.array([label in r.labels for r in evidence.dev.rows], dtype=bool)
    truth = np.array([bool(label and r.labels.get(label)) for r in evidence.dev.rows])
    flags = _of(seen.dev, label) & known
    cleared = known & ~flags & ~_of(seen.dev_undecided, label)
    hits = int((flags & truth).sum())
    return Outcome(
        queued=queued,
        a_day=round(queued * posts_a_day, 1),
        urgent=seen.share("urgent", label),
        undecided=seen.share("undecided", label),
        precision=_figure(hits, int(flags.sum())),
        recall=_figure(hits, int(truth.sum())),
        cleared_wrongly=_figure(int((cleared & truth).sum()), int(cleared.sum())),
        protected=protected,
        benign=benign,
        ratio=round(protected.value / benign, 4) if protected and benign else None,
    )


def _of(flags: Flags, label: Label | None) -> Flags:
    """Return the flags of *label*, or whether there is any, of shape (rows,)."""
    if label is None:
        return np.asarray(flags.any(axis=1))
    return flags[:, list(Label).index(label)]


def _figure(hits: int, n: int) -> Figure | None:
    if not n:
        return None
    low, high = wilson(hits, n)
    return Figure(
        value=round(hits / n, 4), low=round(low, 4), high=round(high, 4), rows=n
    )
