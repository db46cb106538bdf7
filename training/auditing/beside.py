"""What stands beside a text, as a few named values of each row: facets, time, groups."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from training.auditing.pool import Audited, Ints
from training.evaluation.slices import VIETNAM

MISSING = "no value"

MANY_VALUES = 12
"""A facet of more numbers than that is a quantity; of fewer, a kind."""


class Kind(StrEnum):
    """Where a value comes from."""

    FACET = "facet"
    TIME = "time"
    GROUP = "group"
    STYLE = "style"
    PAIR = "pair"
    STATEMENT = "statement"


@dataclass(frozen=True, eq=False, slots=True)
class Column:
    """
    One value of each row.

    Attributes:
        kind: Where it comes from.
        name: Such as ``likes``.
        names: What values are called; none if they are quantities.
        values: Quantities, or positions in *names*; NaN where there is none.
    """

    kind: Kind
    name: str
    names: tuple[str, ...]
    values: NDArray[np.float64]

    @property
    def missing(self) -> NDArray[np.bool_]:
        """Which rows have no value."""
        return np.isnan(self.values)


def columns_beside(pool: Audited, rows: Ints) -> Iterator[Column]:
    """Yield what stands beside the texts of *rows*, if any of them has it."""
    facets = [pool.rows[i].facets for i in rows]
    for name in sorted({k for f in facets for k in f}):
        yield _facet(name, [f.get(name, "") for f in facets])
    groups = [pool.rows[i].groups for i in rows]
    for name in sorted({k for g in groups for k in g}):
        yield kinds(Kind.GROUP, name, [g.get(name, "") for g in groups])
    times = [pool.rows[i].time for i in rows]
    if any(times):
        for name, form in (("month", "%Y-%m"), ("weekday", "%u %a"), ("hour", "%H")):
            yield kinds(Kind.TIME, name, [_local(t, form) for t in times])


def kinds(kind: Kind, name: str, values: Sequence[str]) -> Column:
    """Return a column of *values* that are names; an empty one is missing."""
    names = sorted({v for v in values if v})
    at = {v: i for i, v in enumerate(names)}
    found = [at.get(v, np.nan) for v in values]
    return Column(kind, name, tuple(names), np.array(found, dtype=np.float64))


def quantities(kind: Kind, name: str, values: ArrayLike) -> Column:
    """Return a column of *values* that are quantities."""
    return Column(kind, name, (), np.asarray(values, dtype=np.float64))


def binned(column: Column, n_bins: int) -> tuple[Ints, tuple[str, ...]]:
    """
    Return a bin of each row, and the names of the bins.

    Quantities fall between quantiles of theirs; the last bin is of missing values.
    """
    missing = column.missing
    if column.names or missing.all():
        bins = np.where(missing, len(column.names), column.values).astype(np.int64)
        return bins, (*column.names, MISSING)
    inner = _edges(column.values[~missing], n_bins)
    bins = np.searchsorted(inner, column.values, side="right")
    bins[missing] = len(inner) + 1
    return bins, (*_names(column.values, bins, len(inner) + 1), MISSING)


def _edges(values: NDArray[np.float64], n_bins: int) -> NDArray[np.float64]:
    """Return where bins begin; a value that fills a bin has one of its own."""
    quantiles = np.quantile(values, np.linspace(0, 1, n_bins + 1)[1:-1])
    starts, times = np.unique(quantiles, return_counts=True)
    ends = np.nextafter(starts[times > 1], np.inf)
    return np.unique(np.concatenate([starts, ends]))


def _facet(name: str, values: Sequence[str]) -> Column:
    told = [v for v in values if v]
    if len(set(told)) > MANY_VALUES and not np.isnan([*map(_number, told)]).any():
        return quantities(Kind.FACET, name, [*map(_number, values)])
    return kinds(Kind.FACET, name, values)


def _names(values: NDArray[np.float64], bins: Ints, n: int) -> Iterator[str]:
    for i in range(n):
        inside = values[bins == i]
        low, high = (inside.min(), inside.max()) if len(inside) else (0, 0)
        yield f"{low:g}" if low == high else f"{low:g} to {high:g}"


def _number(value: str) -> float:
    try:
        return float(value)
    except ValueError:
        return float("nan")


def _local(time: datetime | None, form: str) -> str:
    return "" if time is None else time.astimezone(VIETNAM).strftime(form)
