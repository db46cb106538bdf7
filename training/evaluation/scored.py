"""What a bundle does on labelled rows, measured by the very code that serves it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kiemtin.errors import InputError
from kiemtin.labels import Label
from kiemtin.scoring import Item, Scorer
from kiemtin.text.syllables import strip_marks
from training.corpora.row import Row
from training.metrics import (
    Figure,
    auc,
    average_precision,
    brier,
    expected_calibration_error,
    macro_f1,
    measure,
    positive_f1,
    share,
)

Figures = dict[str, dict[str, Figure]]
"""From a corpus or slice to its figures by name."""

_BATCH = 64
THREE_CLASSES = ("vihsd", "vlsp2019_hsd", "safesense")
"""Corpora with the classes clean, offensive and hate."""


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
        keep = [i for i, r in enumerate(self.rows) if r.corpus == corpus]
        return Scored([self.rows[i] for i in keep], self.scores[keep], self.flags[keep])

    def truth(self, label: Label) -> NDArray[np.int64]:
        """Return 0 or 1 for each row; all of them must carry *label*."""
        return np.array([int(r.labels[label]) for r in self.rows])


def score_rows(
    scorer: Scorer, rows: Sequence[Row], *, stripped: bool = False
) -> Scored:
    """Return *rows* scored, perhaps without their diacritics."""
    kept, scores, flags = [], [], []
    for at in range(0, len(rows), _BATCH):
        batch = rows[at : at + _BATCH]
        items = [Item("", strip_marks(r.text) if stripped else r.text) for r in batch]
        for row, result in zip(batch, scorer.score_batch(items), strict=True):
            if isinstance(result, InputError):
                continue
            kept.append(row)
            scores.append([result.scores[x] for x in Label])
            # A text in another language counts as judged: the rows say it is ours.
            flagged = scorer.policy.flag(result.scores, abstain={})
            flags.append([flagged[x] for x in Label])
    return Scored(kept, np.array(scores), np.array(flags))


def figures(scored: Scored) -> Figures:
    """Return the figures of each corpus and label in *scored*."""
    out: Figures = {}
    for corpus in sorted({r.corpus for r in scored.rows}):
        part = scored.of(corpus)
        labels = [x for x in Label if all(x in r.labels for r in part.rows)]
        found = {}
        for label in labels:
            truth = part.truth(label)
            if 0 < truth.sum() < len(truth):
                found.update(_of_label(part, label, truth))
        if corpus in THREE_CLASSES and found:
            found["three_classes.macro_f1"] = measure(macro_f1, *three_classes(part))
        if found:
            out[corpus] = found
    return out


def three_classes(part: Scored) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """
    Return true and predicted classes: 0 clean, 1 offensive, 2 hate.

    A text is hate where hate is flagged, else offensive where abusive is, else clean.
    """
    abusive, hate = part.truth(Label.ABUSIVE), part.truth(Label.HATE)
    columns = list(Label)
    says_abusive = part.flags[:, columns.index(Label.ABUSIVE)]
    says_hate = part.flags[:, columns.index(Label.HATE)]
    predicted = np.where(says_hate, 2.0, np.where(says_abusive, 1.0, 0.0))
    return abusive + hate, predicted


def flagged_shares(protected: Scored, others: Scored) -> Figures:
    """
    Return which part of protected speech is flagged, beside other benign text.

    Benign are rows of which everything that annotators said is no.
    """
    benign = [
        i for i, r in enumerate(others.rows) if r.labels and not any(r.labels.values())
    ]
    return {
        "protected_speech": _shares(protected.flags),
        "other_benign": _shares(others.flags[benign]),
    }


def _shares(flags: NDArray[np.bool_]) -> dict[str, Figure]:
    benign = np.zeros(len(flags), dtype=np.int64)
    columns = np.column_stack([flags, flags.any(axis=1)]).astype(np.float64)
    names = [*map(str, Label), "any"]
    return {
        f"{name}.flagged": measure(share, benign, columns[:, i])
        for i, name in enumerate(names)
    }


def _of_label(
    part: Scored, label: Label, truth: NDArray[np.int64]
) -> dict[str, Figure]:
    column = list(Label).index(label)
    scores, flags = part.scores[:, column], part.flags[:, column].astype(np.float64)
    return {
        f"{label}.auc": measure(auc, truth, scores),
        f"{label}.average_precision": measure(average_precision, truth, scores),
        f"{label}.macro_f1": measure(macro_f1, truth, flags),
        f"{label}.f1": measure(positive_f1, truth, flags),
        f"{label}.brier": measure(brier, truth, scores),
        f"{label}.ece": measure(expected_calibration_error, truth, scores),
    }
