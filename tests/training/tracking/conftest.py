"""A store for each test."""

from pathlib import Path

import pytest

from tests.fixtures.stores import empty_store


@pytest.fixture
def store(tmp_path: Path) -> str:
    """The address of an empty database."""
    return empty_store(tmp_path)
