"""How many files and connections the system lets this process have open."""

import resource
from contextlib import suppress

_OURS = 256
"""Kept for the database, the workers and files."""
_MOST = 1 << 20


def raise_descriptors() -> int:
    """Raise the soft limit as far as the hard one allows, and return what it is."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _bounded(hard)
    if wanted > _bounded(soft):
        # Some systems have a hard limit that they do not keep to.
        with suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    return _bounded(resource.getrlimit(resource.RLIMIT_NOFILE)[0])


def most_connections(n_descriptors: int, wanted: int) -> int:
    """Return how many connections there may be: *wanted*, 0 for any number, or fewer."""
    possible = max(n_descriptors - _OURS, n_descriptors // 2, 1)
    return min(wanted or possible, possible)


def _bounded(limit: int) -> int:
    return _MOST if limit == resource.RLIM_INFINITY else min(limit, _MOST)
