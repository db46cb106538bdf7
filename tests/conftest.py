"""Fixtures for all tests. None of them needs the network."""

from pathlib import Path

import pytest

from tests.fixtures.tiny_bundle import write_tiny_bundle, write_wide_bundle


@pytest.fixture(scope="session")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A real bundle of a few kilobytes; not to be changed."""
    return write_tiny_bundle(tmp_path_factory.mktemp("bundle"))


@pytest.fixture(scope="session")
def wide_bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same with a wide part; not to be changed either."""
    return write_wide_bundle(tmp_path_factory.mktemp("wide"))
