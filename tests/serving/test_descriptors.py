"""As many connections as the system has room for."""

import resource
from collections.abc import Iterator

import pytest

from serving.descriptors import most_connections, raise_descriptors


@pytest.fixture
def low() -> Iterator[int]:
    """The hard limit of a process whose soft one is lower."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(soft, 1_000), hard))
    yield hard
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_the_limit_is_raised(low: int) -> None:
    """The soft limit becomes the hard one, and twice is not more than once."""
    n = raise_descriptors()

    assert n == raise_descriptors()
    assert n == resource.getrlimit(resource.RLIMIT_NOFILE)[0] > 1_000
    assert low in {n, resource.RLIM_INFINITY} or low > n


@pytest.mark.parametrize(
    ("n_descriptors", "wanted", "most"),
    [
        (20_000, 0, 19_744),
        (20_000, 20_000, 19_744),
        (20_000, 50, 50),
        (300, 20_000, 150),
        (1, 0, 1),
    ],
)
def test_some_are_kept_for_files(n_descriptors: int, wanted: int, most: int) -> None:
    """The database and the workers need some as well, whatever was asked for."""
    assert most_connections(n_descriptors, wanted) == most
