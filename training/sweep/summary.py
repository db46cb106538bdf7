"""What a sweep found: every variant in one table, and which one the rule chooses."""

from collections.abc import Iterator, Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict

from training.promotion.gaps import Gap
from training.sweep.recipe import Choice, Limit

SHOWN = (
    "mean.auc",
    "mean.macro_f1",
    "protected.flagged",
    "others.flagged",
    "protected.ratio",
    "protected.at_a_tenth",
    "bias.abusive.bpsn_auc",
    "bias.unreliable.bpsn_auc",
)
"""In every table, before what the sweep itself asks for."""


class Outcome(BaseModel):
    """
    What became of a variant.

    Attributes:
        variant: Its name.
        set: What it changed.
        digest: Of its bundle.
        figures: By name, all of dev and of the dev half of protected speech.
        gap: How far it is from the first variant on the same rows, over all labels.
        broken: The limits of the rule that it does not keep.
    """

    model_config = ConfigDict(frozen=True)

    variant: str
    set: dict[str, Any]
    digest: str
    figures: dict[str, float]
    gap: Gap | None = None
    broken: tuple[str, ...] = ()


class Summary(BaseModel):
    """
    What a sweep found; nothing in it comes from a test split.

    Attributes:
        sweep: Its name.
        base: The recipe that was changed.
        set: What all variants changed.
        data_digest: Of the prepared set.
        rows: How many rows of dev and of protected speech the figures are of.
        choose: The rule.
        show: Further figures of the table.
        outcomes: Of the variants in order.
        chosen: The variant that the rule chooses; none if none keeps every limit.
    """

    model_config = ConfigDict(frozen=True)

    sweep: str
    base: str
    set: dict[str, Any]
    data_digest: str
    rows: dict[str, int]
    choose: Choice
    show: tuple[str, ...]
    outcomes: tuple[Outcome, ...]
    chosen: str | None

    def header(self) -> list[str]:
        """Return the heads of the table: a column a variant, the chosen one with a star."""
        stars = {self.chosen: " *"}
        names = (x.variant for x in self.outcomes)
        return ["figure", *(f"{name}{stars.get(name, '')}" for name in names)]

    def lines(self) -> Iterator[list[str]]:
        """Yield a line of the table for each figure that any variant was measured for."""
        for name in self._names():
            values = [x.figures.get(name) for x in self.outcomes]
            if any(v is not None for v in values):
                yield [name, *map(_written, values)]
        yield ["gap to the first", *(_gap(x.gap) for x in self.outcomes)]
        yield ["broken limits", *("; ".join(x.broken) for x in self.outcomes)]

    def markdown(self) -> str:
        """Return the table as Markdown, with what there is to know of it."""
        rows = [self.header(), ["---"] * len(self.header()), *self.lines()]
        table = "\n".join(f"| {' | '.join(cells)} |" for cells in rows)
        return f"# Sweep {self.sweep}\n\n{self.meaning()}\n\n{table}\n"

    def meaning(self) -> str:
        """Return what the table shows, in words."""
        limits = "".join(f", {_limit(x)}" for x in self.choose.limits)
        end = f"chooses {self.chosen}" if self.chosen else "chooses none"
        return (
            f"Variants of {self.base}, measured on {self.rows['dev']} dev rows and "
            f"{self.rows['protected']} of protected speech. The rule ({self.choose.best} "
            f"{self.choose.figure}{limits}) {end}. The gap is the mean difference of all "
            "AUCs and macro-F1s, with its 95 % interval by a paired bootstrap."
        )

    def _names(self) -> list[str]:
        limited = (x.figure for x in self.choose.limits)
        return list(dict.fromkeys((*SHOWN, self.choose.figure, *limited, *self.show)))


def judge(
    outcomes: Sequence[Outcome], rule: Choice
) -> tuple[tuple[Outcome, ...], str | None]:
    """
    Return *outcomes* with the limits that each breaks, and the name of the winner.

    The best of those that keep every limit wins, of equal ones the first; none if none
    keeps them. What a variant was not measured for, it does not keep.
    """
    first = outcomes[0].figures
    judged = tuple(
        x.model_copy(update={"broken": tuple(_broken(x.figures, first, rule))})
        for x in outcomes
    )
    sign = 1 if rule.best == "highest" else -1
    fitting = [x for x in judged if not x.broken]
    best = max(fitting, key=lambda x: sign * x.figures[rule.figure], default=None)
    return judged, best.variant if best else None


def _broken(
    figures: dict[str, float], first: dict[str, float], rule: Choice
) -> Iterator[str]:
    if rule.figure not in figures:
        yield f"no {rule.figure}"
    for limit in rule.limits:
        value = figures.get(limit.figure)
        if value is None or not _keeps(value, first.get(limit.figure), limit):
            yield _limit(limit)


def _keeps(value: float, first: float | None, limit: Limit) -> bool:
    if limit.least is not None:
        return value >= limit.least
    if limit.most is not None:
        return value <= limit.most
    return first is not None and value >= first - (limit.lost or 0)


def _limit(limit: Limit) -> str:
    if limit.least is not None:
        return f"{limit.figure} at least {limit.least:g}"
    if limit.most is not None:
        return f"{limit.figure} at most {limit.most:g}"
    return f"{limit.figure} at most {limit.lost:g} below the first"


def _gap(gap: Gap | None) -> str:
    if gap is None:
        return ""
    return f"{gap.difference:+.4f} ({gap.low:+.4f} to {gap.high:+.4f})"


def _written(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"
