"""The plots of the audit, each of one section, as SVG."""

import math
from collections.abc import Sequence
from typing import Any

from markupsafe import Markup
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from training.auditing.contents import Contents, CorpusContents
from training.auditing.copies import Across
from training.auditing.giveaways import Giveaway, Giveaways, Metric
from training.auditing.questions import Rate
from training.auditing.rates import Rates
from training.auditing.terms import Terms
from training.auditing.texts import BIN_EDGES, WINDOW_SYLLABLES
from training.auditing.topics import Topics
from training.evaluation.drawing import (
    COLOURS,
    INK,
    LINE,
    SERIES,
    SOFT,
    drawing,
    show_percent,
)

_COLUMNS = 3
_ROW_IN, _PANEL_IN, _MARGIN_IN = 0.3, 1.35, 0.7
_BAR_CHARS = 75
"""So many stand in a whole bar; a part of it with less room says no class."""
_MIN_CELL = 0.0005
"""Less than that is written as nothing."""
_MAX_FAMILIES, _NAMED = 24, 5
_MAX_GIVEAWAYS = 24
_MAX_TINT = 0.6
"""Darker, and the figures in the cell could not be read."""


def plot_classes(contents: Contents) -> Markup:
    """Draw the share of each class in each corpus, or nothing."""
    corpora = [c for c in contents.corpora if c.n_rows]
    if not corpora:
        return Markup()
    height = _MARGIN_IN + _ROW_IN * len(corpora)
    said = "The share of each class in each corpus"
    with drawing("classes", said, height_in=height) as d:
        axes = d.figure.subplots()
        for y, corpus in enumerate(corpora):
            _stack(axes, y, corpus)
        axes.set_yticks(range(len(corpora)), [c.corpus for c in corpora])
        axes.set_xlim(0, 1)
        axes.invert_yaxis()
        show_percent(axes)
    return d.svg


def plot_lengths(contents: Contents) -> Markup:
    """Draw a histogram of the lengths of the texts of each corpus, or nothing."""
    corpora = [c for c in contents.corpora if c.texts]
    if not corpora:
        return Markup()
    n_lines = math.ceil(len(corpora) / _COLUMNS)
    said = "Histograms of lengths in syllables, one for each corpus"
    with drawing("lengths", said, height_in=n_lines * _PANEL_IN) as d:
        panels = list(d.figure.subplots(n_lines, _COLUMNS, squeeze=False).flat)
        for corpus, axes in zip(corpora, panels, strict=False):
            _histogram(axes, corpus)
        for axes in panels[len(corpora) :]:
            axes.remove()
    return d.svg


def plot_copies(across: Across) -> Markup:
    """Draw how much of each corpus stands in each, or nothing."""
    n = len(across.corpora)
    if not n:
        return Markup()
    said = "How much of each corpus stands in each other, nearly word for word"
    with drawing("copies", said, height_in=1.2 + _ROW_IN * n) as d:
        axes = d.figure.subplots()
        for y, line in enumerate(across.near):
            for x, share in enumerate(line):
                _cell(axes, x, y, share)
        axes.set_xticks(range(n), across.corpora, rotation=40, ha="right")
        axes.set_yticks(range(n), across.corpora)
        axes.tick_params(axis="x", labelcolor=INK)
        axes.set(xlim=(-0.5, n - 0.5), ylim=(n - 0.5, -0.5))
        axes.tick_params(length=0)
        axes.spines[:].set_visible(False)
    return d.svg


def plot_months(rates: Rates) -> Markup:
    """Draw the label rate by month of each corpus that is dated, or nothing."""
    dated = [s for s in rates.spreads if s.by == "month"]
    if not dated:
        return Markup()
    said = "The label rate by month"
    with drawing("months", said, height_in=2.4 * len(dated)) as d:
        panels = d.figure.subplots(len(dated), squeeze=False).flat
        for spread, axes in zip(dated, panels, strict=True):
            names = [v.value for v in spread.values]
            _dots(axes, [v.rate for v in spread.values], spread.rate, upright=True)
            axes.set_xticks(range(len(names)), names)
            axes.set_title(f"{spread.corpus}: {spread.label}")
    return d.svg


def plot_topics(topics: Topics) -> Markup:
    """Draw the label rate of each topic of each corpus, or nothing."""
    corpora = [c for c in topics.corpora if c.topics]
    if not corpora:
        return Markup()
    n_lines = math.ceil(len(corpora) / _COLUMNS)
    said = "The label rate of each topic of each corpus"
    with drawing("topics", said, height_in=1.9 * n_lines) as d:
        panels = list(d.figure.subplots(n_lines, _COLUMNS, squeeze=False).flat)
        for found, axes in zip(corpora, panels, strict=False):
            _dots(axes, [t.rate for t in found.topics], found.rate, upright=False)
            axes.set_title(f"{found.corpus}: {found.label}")
            axes.set_xticks([0, 0.5, 1])
            axes.set_yticks([])
        for axes in panels[len(corpora) :]:
            axes.remove()
    return d.svg


def plot_families(terms: Terms) -> Markup:
    """Draw the label rate of rows with topic terms and of others, or nothing."""
    found = [(c.corpus, f) for c in terms.corpora for f in c.families]
    found.sort(key=lambda pair: pair[1].without.rate - pair[1].rate.rate)
    found = found[:_MAX_FAMILIES]
    if not found:
        return Markup()
    said = "The label rate of rows with and without a family of topic terms"
    with drawing("families", said, height_in=_MARGIN_IN + _ROW_IN * len(found)) as d:
        axes = d.figure.subplots()
        for y, (_, family) in enumerate(found):
            ends = (family.without.rate, family.rate.rate)
            axes.plot(ends, (y, y), color=LINE, lw=2, zorder=1)
            axes.plot(family.without.rate, y, "|", color=SOFT, ms=10, mew=2)
            axes.plot(family.like_length, y, "o", color=SOFT, mfc="none", ms=6)
        _dots(axes, [f.rate for _, f in found], None, upright=False)
        axes.set_yticks(
            range(len(found)),
            [f"{c}: {', '.join(f.terms[:_NAMED])} …" for c, f in found],
        )
    return d.svg


def plot_giveaways(giveaways: Giveaways, metric: Metric) -> Markup:
    """Draw what predicts labels beside the content, by one metric, or nothing."""
    found = [g for g in giveaways.giveaways if g.metric is metric]
    found = sorted(found, key=lambda g: -g.gain)[:_MAX_GIVEAWAYS]
    if not found:
        return Markup()
    name, height = f"giveaways-{metric}", _MARGIN_IN + _ROW_IN * len(found)
    said = "How well things beside the content predict the label"
    with drawing(name, said, height_in=height) as d:
        axes = d.figure.subplots()
        for y, giveaway in enumerate(found):
            _bar(axes, y, giveaway)
        axes.set_yticks(range(len(found)), [f"{g.corpus}: {g.by}" for g in found])
        start = min(g.chance for g in found)
        axes.set(xlim=(max(0.0, start - 0.02), 1), ylim=(len(found) - 0.4, -0.6))
        axes.xaxis.grid(visible=True)
    return d.svg


def _stack(axes: Axes, y: int, corpus: CorpusContents) -> None:
    left = 0.0
    for i, (name, n) in enumerate(corpus.classes.items()):
        share = n / corpus.n_rows
        colour = SERIES[i % len(SERIES)]
        axes.barh(y, share, left=left, height=0.62, color=colour, alpha=_MAX_TINT)
        if len(name) <= share * _BAR_CHARS:
            axes.text(left + share / 2, y, name, ha="center", va="center")
        left += share


def _histogram(axes: Axes, corpus: CorpusContents) -> None:
    if corpus.texts is None:
        return
    counts = corpus.texts.histogram
    over = BIN_EDGES.index(WINDOW_SYLLABLES + 1)
    colours = [COLOURS["one" if i < over else "two"] for i in range(len(counts))]
    axes.bar(range(len(counts)), counts, width=0.9, align="edge", color=colours)
    named = [i for i, edge in enumerate(BIN_EDGES[:-1]) if edge in {1, 8, 55, 257}]
    axes.set_xticks(named, [str(BIN_EDGES[i]) for i in named])
    axes.set_title(corpus.corpus)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)


def _cell(axes: Axes, x: int, y: int, share: float) -> None:
    corner = x - 0.48, y - 0.46
    shown = share >= _MIN_CELL
    colour = SERIES[1] if shown and x != y else SERIES[5]
    tint = max(0.06, _MAX_TINT * math.sqrt(share)) if shown else 0.05
    axes.add_patch(Rectangle(corner, 0.96, 0.92, color=colour, alpha=tint, lw=0))
    if shown:
        axes.text(x, y, _short(share), ha="center", va="center", fontsize=8)


def _short(share: float) -> str:
    return f"{100 * share:.1f}" if share < 0.1 else f"{100 * share:.0f}"  # noqa: PLR2004 - two digits


def _dots(
    axes: Axes, rates: Sequence[Rate], of_all: Rate | None, *, upright: bool
) -> None:
    """Draw rates with their intervals, from left to right or from the top down."""
    places = list(range(len(rates)))
    values = [r.rate for r in rates]
    # Rounded apart, an end may lie a hair inside of the rate itself.
    errors = [
        [max(0.0, r.rate - r.low) for r in rates],
        [max(0.0, r.high - r.rate) for r in rates],
    ]
    style: dict[str, Any] = {"fmt": "o", "color": SERIES[0], "ms": 4, "lw": 1.4}
    if upright:
        axes.errorbar(places, values, yerr=errors, **style)
        axes.set_ylim(-0.02, 1.02)
    else:
        axes.errorbar(values, places, xerr=errors, **style)
        axes.set(xlim=(-0.02, 1.02), ylim=(len(rates) - 0.4, -0.6))
    if of_all:
        draw = axes.axhline if upright else axes.axvline
        draw(of_all.rate, color=SERIES[1], lw=1.2)
    show_percent(axes, "y" if upright else "x")


def _bar(axes: Axes, y: int, giveaway: Giveaway) -> None:
    floor = giveaway.chance
    figure = giveaway.figure
    gain = figure.value - floor
    axes.barh(y, gain, left=floor, height=0.55, color=SERIES[0], alpha=_MAX_TINT)
    axes.plot((figure.low, figure.high), (y, y), color=INK, lw=1)
    axes.plot(floor, y, "|", color=SOFT, ms=9, mew=1.5)
    end = max(figure.high, floor)
    axes.text(end + 0.008, y, f"{figure.value:.2f}", va="center", fontsize=8)
