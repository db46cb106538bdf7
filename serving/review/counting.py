"""Figures of how well people agree: a share with its interval, and alpha."""

import math
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Self

import krippendorff
import numpy as np

_Z = 1.959963984540054
"""The 97.5th percentile of the normal distribution."""

Pair = tuple[Hashable, Hashable]


@dataclass(frozen=True, slots=True)
class Proportion:
    """*hits* of *n*."""

    n: int
    hits: int

    @classmethod
    def of(cls, answers: Iterable[bool]) -> Self:
        """Count *answers*, and those that are true."""
        counted = list(answers)
        return cls(len(counted), sum(counted))

    @property
    def share(self) -> float | None:
        """Their share, None of nothing."""
        return self.hits / self.n if self.n else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """
        Where the share lies with 95 % confidence, after Wilson (JASA 22, 1927).

        Unlike the usual one it holds for few, and for shares next to 0 and 1.
        """
        if not self.n:
            return None
        p, z2 = self.hits / self.n, _Z * _Z / self.n
        middle = (p + z2 / 2) / (1 + z2)
        half = _Z * math.sqrt(p * (1 - p) / self.n + z2 / (4 * self.n)) / (1 + z2)
        # Rounding must not put the share itself outside.
        return min(p, max(0.0, middle - half)), max(p, min(1.0, middle + half))


@dataclass(frozen=True, slots=True)
class Alpha:
    """
    Krippendorff's alpha of *n_pairs* of answers: 1 agrees, 0 is what chance would do.

    ``value`` is None for fewer than two pairs, and where all answers are the same: then
    there is nothing that chance could be compared with.
    """

    n_pairs: int
    value: float | None

    @classmethod
    def of(cls, pairs: Sequence[Pair]) -> Self:
        """Return that of *pairs*, whose values have no order."""
        values = sorted({x for pair in pairs for x in pair}, key=repr)
        if len(pairs) < 2 or len(values) < 2:  # noqa: PLR2004 -- as it says above
            return cls(len(pairs), None)
        place = {x: n for n, x in enumerate(values)}
        data = np.array([[place[x] for x in pair] for pair in pairs], dtype=float).T
        alpha = krippendorff.alpha(data, level_of_measurement="nominal")
        return cls(len(pairs), float(alpha))
