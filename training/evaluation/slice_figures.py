"""Figures of slices: where a bundle is weaker than on the whole."""

from collections.abc import Iterator, Sequence

from pydantic import BaseModel, ConfigDict

from kiemtin.labels import Label
from training.evaluation.metrics import Figure, measure
from training.evaluation.scored import Scored, measurables, shares
from training.evaluation.slices import by_corpus, slices

MIN_ROWS, MIN_POSITIVES = 30, 8
"""Figures of fewer are noise: such a slice says so in place of a number."""
MEASURED = ("auc", "macro_f1", "f1")
WHOLE = "corpus."
"""Slices that are measured as corpora already."""


class SliceFigures(BaseModel):
    """
    What a bundle does on a slice of a corpus, for one label.

    Attributes:
        slice: Such as ``length.short``.
        corpus: Of which it is a slice.
        label: What is told of it.
        rows: How many it has.
        positives: How many of them have the label.
        figures: By name; none if there are too few rows to tell.
        too_few: Why there are none.
    """

    model_config = ConfigDict(frozen=True)

    slice: str
    corpus: str
    label: Label
    rows: int
    positives: int
    figures: dict[str, Figure] = {}
    too_few: str = ""


def measure_slices(scored: Scored) -> list[SliceFigures]:
    """Return the figures of each slice of each corpus and label in *scored*."""
    parts = by_corpus(scored.rows, slices(scored.rows))
    return [
        found
        for (name, _), indexes in parts.items()
        if not name.startswith(WHOLE)
        for found in _of_slice(name, scored.pick(indexes))
    ]


def flagged_slices(scored: Scored) -> dict[str, dict[str, Figure]]:
    """Return which part of each slice of *scored*, such as protected speech, is flagged."""
    found = slices(scored.rows)
    return {
        name: shares(scored.pick(indexes))
        for name, indexes in found.items()
        if len(indexes) >= MIN_ROWS
    }


def weakest(found: Sequence[SliceFigures], figure: str) -> list[SliceFigures]:
    """Return the slices that have *figure*, the lowest first."""
    known = [x for x in found if figure in x.figures]
    return sorted(known, key=lambda x: x.figures[figure].value)


def _of_slice(name: str, part: Scored) -> Iterator[SliceFigures]:
    for label in Label:
        if not all(label in r.labels for r in part.rows):
            continue
        positives = int(part.truth(label).sum())
        too_few = _too_few(len(part.rows), positives)
        yield SliceFigures(
            slice=name,
            corpus=part.rows[0].corpus,
            label=label,
            rows=len(part.rows),
            positives=positives,
            figures={} if too_few else _figures(part, label),
            too_few=too_few,
        )


def _figures(part: Scored, label: Label) -> dict[str, Figure]:
    names = {f"{label}.{m}": m for m in MEASURED}
    return {
        names[m.name]: measure(m.metric, m.truth, m.values)
        for m in measurables(part)
        if m.name in names
    }


def _too_few(rows: int, positives: int) -> str:
    found = []
    if rows < MIN_ROWS:
        found.append(f"{rows} of {MIN_ROWS} rows")
    if positives < MIN_POSITIVES:
        found.append(f"{positives} of {MIN_POSITIVES} positives")
    return " and ".join(found)
