"""How often a label is given, by month and by what else stands beside a text."""

from collections.abc import Iterator

import numpy as np
from scipy.stats import chi2_contingency

from training.auditing.beside import Column, Kind, binned, columns_beside
from training.auditing.pool import Audited, Finding, Section, Severity
from training.auditing.questions import Question, Rate, Skipped, ask, rate_of
from training.evaluation.standalone import percent

MIN_SHOWN = 30
"""Rows of a value: the interval of a rate of fewer is half of all there is."""
MAX_SHOWN = 60
"""Values of one thing, the most common: a page has an end."""
MAX_CHANCE = 1e-6
"""Of a spread that is seen though values have one rate: a hundred things are asked."""
MAX_SPREAD, BAD_SPREAD = 0.15, 0.4
"""Between the highest and the lowest rate."""

_N_BINS = 5
_PARTS_OF_TIME = frozenset({"weekday", "hour"})
"""Asked as giveaways; nobody splits by them."""


class ValueRate(Section):
    """The share of rows with one value that have the label."""

    value: str
    rate: Rate


class Spread(Section):
    """
    How the rate of a label varies with one thing.

    Attributes:
        corpus: Its name.
        label: What is counted.
        by: Such as ``month``.
        kind: Where it comes from.
        rate: Of all rows.
        values: Those of enough rows, in their order.
        n_others: How many rows have other values.
        spread: The highest rate less the lowest.
        chance: Of such a table where values do not matter (chi-squared).
    """

    corpus: str
    label: str
    by: str
    kind: Kind
    rate: Rate
    values: tuple[ValueRate, ...]
    n_others: int
    spread: float
    chance: float


class Rates(Section):
    """How often each label is given, by what stands beside the text."""

    spreads: tuple[Spread, ...]
    skipped: tuple[Skipped, ...]


def measure_rates(pool: Audited, *, seed: int) -> Rates:
    """Return the rates of labels in *pool*; nothing in it is drawn by chance."""
    questions, skipped = ask(pool)
    spreads = (s for q in questions for s in _spreads(pool, q))
    return Rates(spreads=tuple(spreads), skipped=skipped)


def findings(section: Rates) -> list[Finding]:
    """Return where the rate hangs on what it should not hang on."""
    return [
        Finding(
            severity=Severity.BAD if s.spread >= BAD_SPREAD else Severity.WARN,
            corpus=s.corpus,
            sentence=_sentence(s),
        )
        for s in section.spreads
        if s.spread >= MAX_SPREAD and s.chance <= MAX_CHANCE
    ]


def _spreads(pool: Audited, question: Question) -> Iterator[Spread]:
    for column in columns_beside(pool, question.rows):
        if column.name not in _PARTS_OF_TIME:
            spread = _spread(question, column)
            if len(spread.values) > 1:
                yield spread


def _spread(question: Question, column: Column) -> Spread:
    bins, names = binned(column, _N_BINS)
    counts = np.bincount(bins, minlength=len(names))
    common = np.argsort(-counts, kind="stable")[:MAX_SHOWN]
    shown = np.sort(common[counts[common] >= MIN_SHOWN])
    rates = [rate_of(question.truth[bins == i]) for i in shown]
    seen = [r.rate for r in rates]
    return Spread(
        corpus=question.corpus,
        label=question.label,
        by=column.name,
        kind=column.kind,
        rate=rate_of(question.truth),
        values=tuple(
            ValueRate(value=names[i], rate=r) for i, r in zip(shown, rates, strict=True)
        ),
        n_others=int(counts.sum() - counts[shown].sum()),
        spread=round(max(seen) - min(seen), 4) if seen else 0.0,
        chance=_chance(rates),
    )


def _chance(rates: list[Rate]) -> float:
    yes = np.array([round(r.rate * r.n) for r in rates])
    table = np.array([yes, np.array([r.n for r in rates]) - yes])
    if table.shape[1] < 2 or not table.sum(axis=1).all():  # noqa: PLR2004 - to compare
        return 1.0
    return float(chi2_contingency(table).pvalue)


def _sentence(spread: Spread) -> str:
    high = max(spread.values, key=lambda v: v.rate.rate)
    low = min(spread.values, key=lambda v: v.rate.rate)
    return (
        f"by {spread.by}, {percent(high.rate.rate)} of {high.value} "
        f"({high.rate.n} rows) is {spread.label} and {percent(low.rate.rate)} of "
        f"{low.value} ({low.rate.n} rows); {percent(spread.rate.rate)} of all"
    )
