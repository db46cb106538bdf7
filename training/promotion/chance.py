"""What chance explains: of many looks at least one is bound to seem bad."""

from collections.abc import Mapping
from math import comb


def clearly_worse(p_values: Mapping[str, float], level: float) -> set[str]:
    """
    Return whose *p_values* speak of a loss; by chance there is any at most at *level*.

    The step-down procedure of Holm 1979: of m the one that is likeliest to have lost is
    held against level / m, the next against level / (m - 1), and so on.
    """
    worse = set()
    for rank, name in enumerate(sorted(p_values, key=lambda name: p_values[name])):
        if p_values[name] > level / (len(p_values) - rank):
            break
        worse.add(name)
    return worse


def sign_test(n_lost: int, n_won: int) -> float:
    """
    Return how likely at least *n_lost* losses are where losses and wins are as likely.

    The exact test of McNemar 1947, on one side.
    """
    n = n_lost + n_won
    return float(sum(comb(n, k) for k in range(n_lost, n + 1)) / 2**n)
