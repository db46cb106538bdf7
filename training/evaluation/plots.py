"""Plots of what a bundle does on a split, label by label, for pages and for the tracker."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import cycle
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from numpy.typing import NDArray

from kiemtin.labels import Label
from kiemtin.manifest import Thresholds
from training.evaluation.curves import bins, curve, table
from training.evaluation.drawing import INK, LINE, SERIES, SOFT, show_percent, sketch
from training.evaluation.scored import (
    Scored,
    has_three_classes,
    labels_of,
    three_classes,
)

MIN_POSITIVES = 8
"""Of a corpus of which a line is drawn."""
THREE_CLASSES_PLOT = "plots/three_classes/confusion"

_WIDTH_IN, _HEIGHT_IN = 5.2, 3.4
_COLUMNS = 2
_PANEL_IN = 1.9
_MAX_TINT = 0.6
"""Darker, and the figures in the cell could not be read."""
_CLASSES = ("clean", "offensive", "hate")
_FIGURES = ("precision", "recall", "f1", "flagged")
_DASHES = ("-", (0, (5, 2)), (0, (1, 1.2)), (0, (5, 1.5, 1, 1.5)), (0, (8, 3)), "-")
_LINES: tuple[dict[str, Any], ...] = tuple(
    {"color": colour, "ls": dash, "lw": 1.6}
    for colour, dash in zip(SERIES, _DASHES, strict=True)
)
"""Told apart without colours, too."""


def precision_recall(scored: Scored, label: Label) -> Figure:
    """Draw precision by recall for each corpus; a dot is where it flags."""
    with sketch(height_in=_HEIGHT_IN, width_in=_WIDTH_IN) as figure:
        axes = figure.subplots()
        parts = _corpora(scored, label)
        for part, line in zip(parts, cycle(_LINES), strict=False):
            truth = part.truth(label)
            found = curve(truth, part.score(label))
            name = part.rows[0].corpus
            axes.step(found.recall, found.precision, label=name, **line)
            flags = part.flag(label)
            if flags.any():
                hits = truth[flags].sum()
                axes.plot(
                    hits / truth.sum(),
                    hits / flags.sum(),
                    "o",
                    color=line["color"],
                    ms=5,
                )
        axes.set(xlabel="recall", ylabel="precision", xlim=(0, 1.02), ylim=(0, 1.04))
        _legend(axes)
        show_percent(axes)
        show_percent(axes, "y")
    return figure


def reliability(scored: Scored, label: Label) -> Figure:
    """Draw how often posts of like scores have the label; the diagonal is honest."""
    part = scored.knowing(label)
    with sketch(height_in=_HEIGHT_IN, width_in=_WIDTH_IN) as figure:
        axes = figure.subplots()
        axes.plot((0, 1), (0, 1), color=LINE, lw=1.2)
        found = bins(part.truth(label), part.score(label))
        errors = [found.true - found.low, found.high - found.true]
        axes.errorbar(
            found.said, found.true, yerr=errors, fmt="o-", color=SERIES[0], ms=4, lw=1.2
        )
        axes.set(xlim=(-0.02, 1.02), ylim=(-0.02, 1.02))
        axes.set(xlabel="score", ylabel="have the label")
        show_percent(axes)
        show_percent(axes, "y")
    return figure


def threshold_curve(scored: Scored, label: Label, thresholds: Thresholds) -> Figure:
    """Draw precision, recall, F1 and the share of flagged posts by threshold."""
    part = scored.knowing(label)
    found = curve(part.truth(label), part.score(label))
    with sketch(height_in=_HEIGHT_IN, width_in=_WIDTH_IN) as figure:
        axes = figure.subplots()
        for name, line in zip(_FIGURES, _LINES, strict=False):
            axes.plot(found.thresholds, getattr(found, name), label=name, **line)
        for at, name in _lines(thresholds):
            axes.axvline(at, color=SOFT, lw=1, ls=(0, (3, 3)))
            axes.text(at, 1.06, name, ha="center", va="bottom", color=SOFT, fontsize=8)
        axes.set(xlim=(0, 1), ylim=(0, 1.04), xlabel="threshold")
        _legend(axes)
        show_percent(axes, "y")
    return figure


def confusion(scored: Scored, label: Label) -> Figure:
    """Draw for each corpus how many rows with and without the label are flagged."""
    tables = {
        part.rows[0].corpus: table(
            part.truth(label), part.flag(label).astype(np.float64), 2
        )
        for part in _corpora(scored, label)
    }
    return _draw_tables(tables, (f"not {label}", str(label)), ("passed", "flagged"))


def confusion_of_classes(scored: Scored) -> Figure:
    """Draw the same of the classes clean, offensive and hate."""
    tables = {}
    for part in _by_corpus(scored):
        if has_three_classes(part):
            truth, said = three_classes(part)
            tables[part.rows[0].corpus] = table(truth, said, len(_CLASSES))
    return _draw_tables(tables, _CLASSES, _CLASSES)


def all_plots(
    scored: Scored, thresholds: Mapping[Label, Thresholds]
) -> dict[str, Figure]:
    """Return every plot of a split by name, such as ``plots/abusive/reliability``."""
    found: dict[str, Figure] = {}
    for label in labels_with_plots(scored):
        draw: dict[str, Callable[[Scored, Label], Figure]] = {
            "precision_recall": precision_recall,
            "reliability": reliability,
            "confusion": confusion,
        }
        for name, function in draw.items():
            found[f"plots/{label}/{name}"] = function(scored, label)
        curves = threshold_curve(scored, label, thresholds[label])
        found[f"plots/{label}/threshold_curve"] = curves
    if any(map(has_three_classes, _by_corpus(scored))):
        found[THREE_CLASSES_PLOT] = confusion_of_classes(scored)
    return found


def labels_with_plots(scored: Scored) -> list[Label]:
    """Return the labels of which a corpus has rows enough to draw."""
    return [x for x in Label if _corpora(scored, x)]


def _corpora(scored: Scored, label: Label) -> list[Scored]:
    """Return the rows of each corpus that has enough of them with *label*."""
    return [
        part
        for part in _by_corpus(scored)
        if label in labels_of(part) and part.truth(label).sum() >= MIN_POSITIVES
    ]


def _by_corpus(scored: Scored) -> Iterator[Scored]:
    for corpus in sorted({r.corpus for r in scored.rows}):
        yield scored.of(corpus)


def _lines(thresholds: Thresholds) -> Iterator[tuple[float, str]]:
    if thresholds.abstain is not None:
        yield thresholds.abstain, "abstain"
    yield thresholds.review, "review"
    yield thresholds.review_urgent, "urgent"


def _legend(axes: Axes) -> None:
    axes.legend(
        loc="center left", bbox_to_anchor=(1.0, 0.5), fontsize=8, handlelength=1.2
    )


def _draw_tables(
    tables: Mapping[str, NDArray[np.int64]], true: Sequence[str], said: Sequence[str]
) -> Figure:
    n_lines = max(1, -(-len(tables) // _COLUMNS))
    height = n_lines * _PANEL_IN + 0.3 * (len(said) - 1)
    with sketch(height_in=height, width_in=_WIDTH_IN) as figure:
        panels = list(figure.subplots(n_lines, _COLUMNS, squeeze=False).flat)
        for axes, (corpus, counts) in zip(panels, tables.items(), strict=False):
            _draw_table(axes, counts)
            axes.set_title(corpus)
            axes.set_xticks(range(len(said)), said)
            axes.set_yticks(range(len(true)), true)
        for axes in panels[len(tables) :]:
            axes.remove()
    return figure


def _draw_table(axes: Axes, counts: NDArray[np.int64]) -> None:
    n = len(counts)
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    for (y, x), count in np.ndenumerate(counts):
        share = float(shares[y, x])
        colour = SERIES[0] if x == y else SERIES[1]
        corner, tint = (x - 0.48, y - 0.46), _MAX_TINT * share
        axes.add_patch(Rectangle(corner, 0.96, 0.92, color=colour, alpha=tint, lw=0))
        shown = f"{100 * share:.0f} %\n{count:,}"
        axes.text(x, y, shown, ha="center", va="center", fontsize=8, color=INK)
    axes.set(xlim=(-0.5, n - 0.5), ylim=(n - 0.5, -0.5))
    axes.tick_params(length=0, labelsize=8)
    axes.spines[:].set_visible(False)
