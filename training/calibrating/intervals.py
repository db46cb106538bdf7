"""How far a share on other rows may be from the one that was counted."""

import math

TWO_SIDED = 1.96
"""Standard errors on both sides of 95 %."""
TO_ANOTHER = 1.645 * math.sqrt(2)
"""Standard errors within which, 19 times in 20, the share of as many other rows stays
above it: both shares vary, so that their distance does by the root of two more."""


def wilson(n_hits: int, n: int, *, errors: float = TWO_SIDED) -> tuple[float, float]:
    """
    Return the interval of a share of which *n_hits* of *n* rows were counted.

    Wilson (1927): unlike the usual one it does not vanish where nothing was counted.
    Without rows nothing is known: 0 to 1.

    Args:
        n_hits: How many rows were counted.
        n: Of how many.
        errors: How many standard errors wide it is on either side.
    """
    if not n:
        return 0.0, 1.0
    z2 = errors**2
    centre = (n_hits + z2 / 2) / (n + z2)
    half = errors / (n + z2) * math.sqrt(n_hits * (n - n_hits) / n + z2 / 4)
    return max(0.0, centre - half), min(1.0, centre + half)
