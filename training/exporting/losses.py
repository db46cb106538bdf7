"""What a smaller graph loses against the network in fp32, at the same thresholds."""

from collections.abc import Iterator

import numpy as np
from pydantic import BaseModel, ConfigDict

from kiemtin.labels import Label
from training.errors import ExportError
from training.evaluation.metrics import macro_f1, positive_f1
from training.evaluation.scored import Scored
from training.recipes.outcome import ExportSection

ALL = "all"
"""Stands for the rows of every corpus that carry a label."""


class Lost(BaseModel):
    """
    What was lost of one label.

    Attributes:
        label: Which.
        corpus: Of whose rows, or all.
        rows: How many there are.
        flips: How many of them are flagged by one graph and not by the other.
        macro_f1: How much lower the macro-F1 is; negative where it is higher.
        rare_f1: The same of the F1 of the rare class.
    """

    model_config = ConfigDict(frozen=True)

    label: Label
    corpus: str
    rows: int
    flips: int
    macro_f1: float
    rare_f1: float


def measure_losses(ours: Scored, theirs: Scored) -> list[Lost]:
    """
    Return what *theirs* loses against *ours* on the same rows: pooled, and by corpus.

    Raises:
        ExportError: If no label can be judged: no row has it, or all do.
    """
    found = [lost for x in Label for lost in _of_label(ours, theirs, x)]
    if not found:
        msg = (
            f"{len(ours.rows)} dev rows are no sample of any label to judge a graph by"
        )
        raise ExportError(msg)
    return found


def why_refused(losses: list[Lost], section: ExportSection) -> str:
    """
    Return which loss is larger than allowed, and by what rule; empty if none is.

    Labels are judged on the rows of all corpora together: in a small corpus one row
    that flips is already more than a point, in either direction.
    """
    found = []
    for lost in losses:
        if lost.corpus != ALL:
            continue
        for name, value, most in (
            ("macro-F1", lost.macro_f1, section.macro_f1_lost),
            ("F1 of the rare class", lost.rare_f1, section.rare_f1_lost),
        ):
            if value > most:
                found.append(
                    f"{lost.label} loses {100 * value:.2f} points of {name} "
                    f"on {lost.rows} rows, at most {100 * most:g} are allowed"
                )
    return "; ".join(found)


def _of_label(ours: Scored, theirs: Scored, label: Label) -> Iterator[Lost]:
    at = [i for i, r in enumerate(ours.rows) if label in r.labels]
    corpora = sorted({ours.rows[i].corpus for i in at})
    for corpus in (ALL, *corpora):
        rows = [i for i in at if corpus in {ALL, ours.rows[i].corpus}]
        part = ours.pick(rows)
        truth = part.truth(label)
        if not 0 < truth.sum() < len(truth):
            continue
        column = list(Label).index(label)
        before = part.flags[:, column].astype(np.float64)
        after = theirs.flags[rows, column].astype(np.float64)
        yield Lost(
            label=label,
            corpus=corpus,
            rows=len(rows),
            flips=int((before != after).sum()),
            macro_f1=round(macro_f1(truth, before) - macro_f1(truth, after), 5),
            rare_f1=round(positive_f1(truth, before) - positive_f1(truth, after), 5),
        )
