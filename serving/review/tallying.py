"""Decisions of a time, counted while they are read: none of them is held."""

from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from statistics import median
from typing import Self

from serving.db.exports import GOLDEN
from serving.db.tallies import AnswerFact
from serving.review.counting import Proportion
from serving.review.figures import TimeFigures
from serving.review.outcomes import Kind

ALL = "all"
Known = Mapping[str, tuple[str, frozenset[str]]]
"""Kind and labels of each golden item."""


@dataclass(frozen=True, slots=True)
class Said:
    """
    What decisions have in common.

    Attributes:
        flagged: The labels that the machine had flagged.
        is_random: Whether it came to its person without regard to its priority.
        is_audit: Whether it was drawn from what was not flagged.
    """

    kind: str
    outcome: str
    labels: tuple[str, ...]
    reason_code: str
    flagged: tuple[str, ...]
    is_random: bool
    is_audit: bool
    is_reversed: bool

    @classmethod
    def of(cls, made: AnswerFact) -> Self:
        """Return what *made* has in common with others."""
        return cls(
            kind=made.kind,
            outcome=made.outcome,
            labels=tuple(made.labels),
            reason_code=made.reason_code,
            flagged=tuple(made.facts.get("flagged", ())),
            is_random=made.facts.get("drawn") == "random",
            is_audit=bool(made.facts.get("is_audit")),
            is_reversed=made.is_reversed,
        )


def _seconds() -> defaultdict[str, "array[float]"]:
    return defaultdict(lambda: array("d"))


@dataclass(slots=True)
class Made:
    """
    Decisions that settled a case, and what else was answered.

    Attributes:
        n: How many there are of each kind.
        n_posts: For how many posts.
        n_reversals: How many were taken back, in the time that is told of.
    """

    n: Counter[Said] = field(default_factory=Counter)
    n_posts: Counter[Said] = field(default_factory=Counter)
    n_reversals: int = 0
    _golden: Counter[bool] = field(default_factory=Counter)
    _receipt_s: defaultdict[str, "array[float]"] = field(default_factory=_seconds)
    _lease_s: defaultdict[str, "array[float]"] = field(default_factory=_seconds)
    _origins: Counter[str] = field(default_factory=Counter)

    @classmethod
    def of(cls, answers: Iterable[AnswerFact], known: Known) -> Self:
        """Count *answers*, but for what its own person took back at once."""
        made = cls()
        for x in answers:
            if x.is_undone or x.facts.get("undo"):
                continue
            if x.stage == GOLDEN:
                made._add_golden(x, known)
            elif x.kind == Kind.REVERSE:
                made.n_reversals += x.is_final
            elif x.is_final:
                made._add(x)
        return made

    @property
    def goldens(self) -> Proportion:
        """Answers to golden items, and those that are right."""
        return Proportion(self._golden.total(), self._golden[True])

    def share(
        self, which: Callable[[Said], bool], hit: Callable[[Said], bool]
    ) -> Proportion:
        """Return how many of *which* are a *hit*."""
        found = {x: n for x, n in self.n.items() if which(x)}
        return Proportion(
            sum(found.values()), sum(n for x, n in found.items() if hit(x))
        )

    def times(self, origin: str) -> TimeFigures:
        """Return how long those of an origin took, or of ``all``; not random posts."""
        receipt, lease = self._receipt_s[origin], self._lease_s[origin]
        return TimeFigures(
            self._origins[origin],
            median(receipt) if receipt else None,
            median(lease) if lease else None,
        )

    def _add(self, made: AnswerFact) -> None:
        said = Said.of(made)
        self.n[said] += 1
        self.n_posts[said] += made.n_posts
        if said.is_audit:
            return
        for origin in (ALL, str(made.facts.get("origin"))):
            self._origins[origin] += 1
            for seconds, begin in (
                (self._receipt_s, made.received_at),
                (self._lease_s, made.taken_at),
            ):
                if begin is not None:
                    took = made.created_at - begin
                    seconds[origin].append(took.total_seconds())

    def _add_golden(self, made: AnswerFact, known: Known) -> None:
        right = known.get(str(made.facts.get(GOLDEN)))
        if right is None or made.kind == Kind.REVERSE:
            return
        kind, labels = right
        is_upheld = kind != Kind.UPHOLD or not labels.isdisjoint(made.labels)
        self._golden[made.kind == kind and is_upheld] += 1
