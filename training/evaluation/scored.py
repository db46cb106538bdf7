"""What a bundle does on labelled rows, measured by the very code that serves it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kiemtin.errors import InputError
from kiemtin.labels import Label
from kiemtin.schemas import Item
from kiemtin.scoring import Scorer
from training.corpora.row import Row
from training.evaluation.metrics import (
    Figure,
    Metric,
    auc,
    average_precision,
    brier,
    expected_calibration_error,
    fixed_calibration_error,
    macro_f1,
    measure,
    positive_f1,
    precision_at,
    share,
)

Figures = dict[str, dict[str, Figure]]
"""From a corpus or slice to its figures by name."""

_BATCH = 64
THREE_CLASSES = ("vihsd", "vlsp2019_hsd", "safesense")
"""Corpora with the classes clean, offensive and hate."""
THREE_CLASSES_F1 = "three_classes.macro_f1"

OF_SCORES: dict[str, Metric] = {
    "auc": auc,
    "average_precision": average_precision,
    "precision_at_2": precision_at(0.02),
    "precision_at_5": precision_at(0.05),
    "brier": brier,
    "ece": expected_calibration_error,
    "ece_fixed": fixed_calibration_error,
}
"""Metrics of probabilities; a budget is in per cent of the posts."""
OF_FLAGS: dict[str, Metric] = {"macro_f1": macro_f1, "f1": positive_f1}
"""Metrics of what the thresholds flag; F1 is of the rare class."""


@dataclass(frozen=True, slots=True)
class Scored:
    """Rows with what the bundle says of them; rows it refuses are left out."""

    rows: list[Row]
    scores: NDArray[np.float64]
    """Of shape (rows, labels)."""
    flags: NDArray[np.bool_]
    """Of the same shape."""

    def of(self, corpus: str) -> "Scored":
        """Return the part that comes from *corpus*."""
        return self.pick([i for i, r in enumerate(self.rows) if r.corpus == corpus])

    def pick(self, indexes: Sequence[int]) -> "Scored":
        """Return the rows at *indexes*, in that order."""
        at = np.array(indexes, dtype=np.int64)
        return Scored([self.rows[i] for i in at], self.scores[at], self.flags[at])

    def knowing(self, label: Label) -> "Scored":
        """Return the rows that carry *label*."""
        return self.pick([i for i, r in enumerate(self.rows) if label in r.labels])

    def truth(self, label: Label) -> NDArray[np.int64]:
        """Return 0 or 1 for each row; all of them must carry *label*."""
        return np.array([int(r.labels[label]) for r in self.rows], dtype=np.int64)

    def score(self, label: Label) -> NDArray[np.float64]:
        """Return the probability of *label* for each row."""
        return self.scores[:, list(Label).index(label)]

    def flag(self, label: Label) -> NDArray[np.bool_]:
        """Return whether *label* is flagged, for each row."""
        return self.flags[:, list(Label).index(label)]


@dataclass(frozen=True, slots=True)
class Measurable:
    """A figure that can be measured: what to hold against what, and how."""

    name: str
    metric: Metric
    truth: NDArray[np.int64]
    values: NDArray[np.float64]


def score_rows(scorer: Scorer, rows: Sequence[Row]) -> Scored:
    """Return *rows* scored."""
    kept, scores, flags = [], [], []
    for at in range(0, len(rows), _BATCH):
        batch = rows[at : at + _BATCH]
        found = scorer.score_batch([Item("", r.text) for r in batch])
        for row, result in zip(batch, found, strict=True):
            if isinstance(result, InputError):
                continue
            kept.append(row)
            scores.append([result.scores[x] for x in Label])
            # A text in another language counts as judged: the rows say it is ours.
            flagged = scorer.policy.flag(result.scores, abstain={})
            flags.append([flagged[x] for x in Label])
    shape = (len(kept), len(Label))
    return Scored(
        kept,
        np.array(scores, dtype=np.float64).reshape(shape),
        np.array(flags, dtype=bool).reshape(shape),
    )


def figures(scored: Scored) -> Figures:
    """Return the figures of each corpus and label in *scored*."""
    out: Figures = {}
    for corpus in sorted({r.corpus for r in scored.rows}):
        found = {
            m.name: measure(m.metric, m.truth, m.values)
            for m in measurables(scored.of(corpus))
        }
        if found:
            out[corpus] = found
    return out


def measurables(part: Scored) -> Iterator[Measurable]:
    """
    Yield what can be measured of each label of *part*, which is of one corpus.

    Labels that every row carries are measured, if some have it and some do not, and
    if every row has a score of it.
    """
    for label in labels_of(part):
        truth = part.truth(label)
        scores, flags = part.score(label), part.flag(label).astype(np.float64)
        for name, metric in OF_SCORES.items():
            yield Measurable(f"{label}.{name}", metric, truth, scores)
        for name, metric in OF_FLAGS.items():
            yield Measurable(f"{label}.{name}", metric, truth, flags)
    if has_three_classes(part):
        yield Measurable(THREE_CLASSES_F1, macro_f1, *three_classes(part))


def labels_of(part: Scored) -> list[Label]:
    """
    Return the labels that every row of *part* carries, some as true, some as not.

    Those of which a score is not a number are not among them.
    """
    return [
        x
        for x in Label
        if all(x in r.labels for r in part.rows)
        and len({r.labels[x] for r in part.rows}) > 1
        and not np.isnan(part.score(x)).any()
    ]


def has_three_classes(part: Scored) -> bool:
    """Return whether *part* is of one corpus with three classes, and has all of them."""
    is_one = {r.corpus for r in part.rows} <= set(THREE_CLASSES)
    return is_one and {Label.ABUSIVE, Label.HATE} <= set(labels_of(part))


def three_classes(part: Scored) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """
    Return true and predicted classes: 0 clean, 1 offensive, 2 hate.

    A text is hate where hate is flagged, else offensive where abusive is, else clean.
    """
    truth = part.truth(Label.ABUSIVE) + part.truth(Label.HATE)
    abusive, hate = part.flag(Label.ABUSIVE), part.flag(Label.HATE)
    return truth, np.where(hate, 2.0, np.where(abusive, 1.0, 0.0))


def benign(scored: Scored) -> Scored:
    """Return the rows of which everything that annotators said is no."""
    return scored.pick(
        [
            i
            for i, r in enumerate(scored.rows)
            if r.labels and not any(r.labels.values())
        ]
    )


def flagged_shares(protected: Scored, others: Scored) -> Figures:
    """Return which part of protected speech is flagged, beside other benign text."""
    return {
        "protected_speech": shares(protected),
        "other_benign": shares(benign(others)),
    }


def shares(part: Scored) -> dict[str, Figure]:
    """Return which part of *part* each label flags, and any of them."""
    if not part.rows:
        return {}
    nothing = np.zeros(len(part.rows), dtype=np.int64)
    columns = np.column_stack([part.flags, part.flags.any(axis=1)]).T
    return {
        f"{name}.flagged": measure(share, nothing, column.astype(np.float64))
        for name, column in zip((*map(str, Label), "any"), columns, strict=True)
    }
