"""Out of an archive comes the one file that is wanted, and nothing else stays."""

import zipfile
from pathlib import Path

import pytest

from tests.fixtures.file_server import Site
from tests.fixtures.small_source import CONTENT, SHA256, Fetch, here, source_of
from training.errors import FetchError
from training.fetching import transfer


@pytest.fixture
def archive(site: Site, tmp_path: Path) -> str:
    """The address of an archive with one file in a folder."""
    path = tmp_path / "all.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as z:
        z.writestr("all/train.csv", CONTENT)
    return site.publish("all.zip", path.read_bytes())


def test_member_of_an_archive(archive: str, fetch_small: Fetch, to: Path) -> None:
    """Of an archive only the file is kept, and held against its own digest."""
    member = {"name": "train.csv", "url": archive, "member": "all/train.csv"}

    (arrived,) = fetch_small(source_of(member | {"sha256": SHA256}))

    assert arrived.sha256 == SHA256
    assert here(to) == {"train.csv": CONTENT}


@pytest.mark.parametrize("member", ["no.csv", "../../etc/passwd"])
def test_archive_without_the_member(
    member: str, archive: str, fetch_small: Fetch, to: Path
) -> None:
    """An archive that has no such file leaves nothing behind."""
    with pytest.raises(FetchError, match=f"has no {member} that can be read"):
        fetch_small(source_of({"name": "train.csv", "url": archive, "member": member}))

    assert here(to) == {}


def test_broken_archive(site: Site, fetch_small: Fetch, to: Path) -> None:
    """What is no archive leaves nothing behind, so that the next run begins anew."""
    url = site.publish("all.zip", CONTENT)

    with pytest.raises(FetchError, match="not a zip file"):
        fetch_small(
            source_of({"name": "train.csv", "url": url, "member": "all/train.csv"})
        )

    assert here(to) == {}


def test_member_has_a_limit(
    archive: str, fetch_small: Fetch, to: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A small archive may hold a file that fills the disk; it is not unpacked."""
    monkeypatch.setattr(transfer, "MOST_BYTES", 1000)

    with pytest.raises(FetchError, match="1700 bytes, at most 1000"):
        fetch_small(
            source_of({"name": "a.csv", "url": archive, "member": "all/train.csv"})
        )

    assert here(to) == {}
