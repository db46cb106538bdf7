"""In which order cases are looked at, and why."""

import math
from dataclasses import dataclass
from datetime import UTC, datetime

from serving.review.policy import PriorityTerms

_EPOCH = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Priority:
    """
    What the place of a case in its queue is made of.

    The priority at a moment is ``probability × severity × spread × age``, where age is
    ``2 ** (hours past the deadline / age_doubles_h)``: 1 at the deadline, less before.
    All cases age alike, so the order of two never changes: ``rank``, the logarithm of
    the product with the age taken at a fixed moment, can be kept in an index.

    Attributes:
        probability: Of the label that weighs most, 0 to 1.
        severity: Of that label, 1 to 3.
        spread: ``1 + log2(copies)``, at most ``spread_most``.
        deadline_at: When the case should be decided.
        terms: What the review policy says.
    """

    probability: float
    severity: float
    spread: float
    deadline_at: datetime
    terms: PriorityTerms

    @classmethod
    def of(
        cls,
        probability: float,
        severity: float,
        n_posts: int,
        deadline_at: datetime,
        terms: PriorityTerms,
    ) -> "Priority":
        """Return that of a case of *n_posts* copies."""
        spread = min(1 + math.log2(max(n_posts, 1)), terms.spread_most)
        return cls(probability, severity, spread, deadline_at, terms)

    def age(self, now: datetime) -> float:
        """Return how much its age counts *now*."""
        return math.exp2(self._hours(now) / self.terms.age_doubles_h)

    def value(self, now: datetime) -> float:
        """Return the priority *now*."""
        return self.probability * self.severity * self.spread * self.age(now)

    @property
    def rank(self) -> float:
        """What cases are ordered by, the highest first."""
        risk = max(self.probability, 1e-6) * self.severity * self.spread
        return math.log2(risk) + self._hours(_EPOCH) / self.terms.age_doubles_h

    def _hours(self, now: datetime) -> float:
        return (now - self.deadline_at).total_seconds() / 3600
