"""Plots that are drawn on the server: bars, and shares with their intervals."""

from collections.abc import Sequence
from dataclasses import dataclass

from serving.console.desk.words import Words
from serving.review.counting import Alpha, Proportion

_WIDTH = 100.0
"""Of every plot, in its own units; the page stretches it."""
_LEAST_ALPHA = -0.5
"""What is less is drawn at the edge: it is as bad as can be."""


@dataclass(frozen=True, slots=True)
class Row:
    """
    One line of a plot; what is None is not drawn.

    Attributes:
        name: What it is about.
        figure: The number, as it is written.
        note: What to know about it.
        width: Of a bar.
        part: Of the part of the bar that is marked.
        at: Where a share is.
        low: Where its interval begins.
        high: Where that ends.
    """

    name: str
    figure: str
    note: str = ""
    width: float | None = None
    part: float | None = None
    at: float | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Plot:
    """Rows that share one scale, whose ends are named; empty names are not shown."""

    rows: Sequence[Row]
    scale: Sequence[str] = ()
    zero: float | None = None


def bars(counts: Sequence[tuple[str, int, int]], words: Words, note: str = "") -> Plot:
    """
    Return a bar for each count.

    Args:
        counts: Name, number, and how many of it are marked.
        words: The language.
        note: What the marked ones are; the number stands for ``{n}``.
    """
    most = max((n for _, n, _ in counts), default=0) or 1
    rows = [
        Row(
            name=name,
            figure=words.number(n),
            note=note.format(n=words.number(part)) if part else "",
            width=_round(_WIDTH * n / most),
            part=_round(_WIDTH * part / most),
        )
        for name, n, part in counts
    ]
    return Plot(rows)


def shares(found: Sequence[tuple[str, Proportion]], words: Words) -> Plot:
    """Return each share with its interval, from 0 to 1."""
    scale = [words.percent(x / 2, 0) for x in range(3)]
    return Plot([_share(*x, words) for x in found], scale)


def alphas(found: Sequence[tuple[str, Alpha]], words: Words) -> Plot:
    """Return each alpha, where 0 is chance and 1 is agreement."""
    scale = [words.number(_LEAST_ALPHA, 1), "0", words.number(0.5, 1), "1"]
    return Plot([_alpha(*x, words) for x in found], scale, _alpha_at(0))


def _share(name: str, share: Proportion, words: Words) -> Row:
    if share.share is None or share.interval is None:
        return Row(name, "–")
    low, high = share.interval
    return Row(
        name,
        words.percent(share.share, 0),
        f"{words.number(share.hits)} / {words.number(share.n)}",
        at=_round(_WIDTH * share.share),
        low=_round(_WIDTH * low),
        high=_round(_WIDTH * high),
    )


def _alpha(name: str, alpha: Alpha, words: Words) -> Row:
    note = words.lead.pairs.format(n=words.number(alpha.n_pairs))
    if alpha.value is None:
        return Row(name, "–", note)
    return Row(name, words.number(alpha.value, 2), note, at=_alpha_at(alpha.value))


def _alpha_at(value: float) -> float:
    span = 1 - _LEAST_ALPHA
    return _round(_WIDTH * (max(value, _LEAST_ALPHA) - _LEAST_ALPHA) / span)


def _round(x: float) -> float:
    return round(x, 2)
