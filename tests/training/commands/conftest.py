"""What the tests of commands share: logs that outlive no command."""

from collections.abc import Iterator

import pytest
import structlog


@pytest.fixture(autouse=True)
def _logs_of_the_test() -> Iterator[None]:
    """A command logs to the standard error it was run with, which is closed after it."""
    yield
    structlog.reset_defaults()
