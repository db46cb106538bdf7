"""What the tests of fetching stand on: a site, a client that reads it, a folder."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.fixtures.file_server import Site, serving_files
from tests.fixtures.small_source import Fetch
from training.corpora.sources import Source
from training.fetching import Arrived, fetch


@pytest.fixture
def site() -> Iterator[Site]:
    """A web server of the test's own."""
    with serving_files() as site:
        yield site


@pytest.fixture(scope="session")
def client() -> Iterator[httpx.Client]:
    """A client that does not wait long, and asks no proxy."""
    with httpx.Client(timeout=0.5, trust_env=False) as client:
        yield client


@pytest.fixture
def to(tmp_path: Path) -> Path:
    """The folder of all corpora."""
    return tmp_path / "raw"


@pytest.fixture
def fetch_small(client: httpx.Client, to: Path) -> Fetch:
    """Fetch a source as the corpus ``small``."""

    def fetch_small(source: Source, from_dir: Path | None = None) -> list[Arrived]:
        return list(
            fetch(
                "small",
                source,
                to,
                from_dir=from_dir,
                client=client,
                progress=lambda name, n, m: None,
            )
        )

    return fetch_small
