"""What was got is written down, and what was written down is not guessed at."""

import tomllib
from pathlib import Path

import pytest

from tests.fixtures.file_server import Site
from tests.fixtures.small_source import CONTENT, SHA256, Fetch, source_of
from training.errors import FetchError
from training.fetching.record import RECORD_FILE


def test_arrival_is_recorded(site: Site, fetch_small: Fetch, to: Path) -> None:
    """What came is written down with its origin, digest, size and time."""
    url = site.publish("a.csv", CONTENT)

    fetch_small(source_of({"name": "train.csv", "url": url}))

    entry = tomllib.loads((to / RECORD_FILE).read_text("utf-8"))["small"]["train.csv"]
    assert entry.pop("when").tzinfo is not None
    assert entry == {"source": url, "sha256": SHA256, "n_bytes": len(CONTENT)}


@pytest.mark.parametrize("text", ["[small", "small = 1", "[small.'a.csv']\nx = 1"])
def test_spoilt_record_is_said(text: str, fetch_small: Fetch, to: Path) -> None:
    """A record that was edited badly is not guessed at, nor overwritten."""
    to.mkdir()
    (to / RECORD_FILE).write_text(text)

    with pytest.raises(FetchError, match="move it away"):
        fetch_small(source_of({"name": "train.csv"}))

    assert (to / RECORD_FILE).read_text() == text
