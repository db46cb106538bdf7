"""Settings for the tests of the wide part."""

from collections.abc import Iterator

import pytest
from threadpoolctl import threadpool_limits


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    """Learn from few rows on one thread: on more they wait for one another."""
    with threadpool_limits(1):
        yield
