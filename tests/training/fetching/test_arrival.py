"""What stands under a file's own name is whole, checked, and never changed again."""

import hashlib
import shutil
from pathlib import Path

import pytest

from tests.fixtures.file_server import Fault, Site
from tests.fixtures.small_source import CONTENT, OTHER, SHA256, Fetch, here, source_of
from training.errors import DigestError, FetchError
from training.fetching import Arrival, Arrived
from training.fetching.record import RECORD_FILE


def test_file_arrives(site: Site, fetch_small: Fetch, to: Path) -> None:
    """A file comes under its name, alone, and nobody can write to it by accident."""
    url = site.publish("x/v1.csv", CONTENT)

    (arrived,) = fetch_small(
        source_of({"name": "train.csv", "url": url, "sha256": SHA256})
    )

    assert arrived == Arrived(
        "small/train.csv", Arrival.FETCHED, len(CONTENT), SHA256, "published"
    )
    assert here(to) == {"train.csv": CONTENT}
    assert not (to / "small" / "train.csv").stat().st_mode & 0o222


def test_second_run_does_nothing(site: Site, fetch_small: Fetch, to: Path) -> None:
    """What is here is checked, and nobody is asked for it again."""
    source = source_of({"name": "train.csv", "url": site.publish("a.csv", CONTENT)})
    fetch_small(source)
    files = (to / "small" / "train.csv", to / RECORD_FILE)
    before = [(p.stat().st_mtime_ns, p.stat().st_ino) for p in files]

    (arrived,) = fetch_small(source)

    assert arrived.how is Arrival.ALREADY_HERE
    assert [(p.stat().st_mtime_ns, p.stat().st_ino) for p in files] == before
    assert len(site.asked) == 1


def test_wrong_bytes_are_refused(site: Site, fetch_small: Fetch, to: Path) -> None:
    """What is not the published file is not kept, and both digests are said."""
    url = site.publish("a.csv", OTHER)

    with pytest.raises(DigestError, match="published; what came is not kept") as e:
        fetch_small(source_of({"name": "train.csv", "url": url, "sha256": SHA256}))

    assert SHA256 in str(e.value)
    assert hashlib.sha256(OTHER).hexdigest() in str(e.value)
    assert here(to) == {}


def test_first_bytes_are_trusted(site: Site, fetch_small: Fetch, to: Path) -> None:
    """Where no digest is published, a later fetch must bring what the first one did."""
    source = source_of({"name": "train.csv", "url": site.publish("a.csv", CONTENT)})
    (first,) = fetch_small(source)
    (to / "small" / "train.csv").unlink()
    fetch_small(source)
    (to / "small" / "train.csv").unlink()
    site.publish("a.csv", OTHER)

    with pytest.raises(DigestError, match=r"first got on 20\d\d-.*fetched\.toml"):
        fetch_small(source)

    assert first.held_against == ""
    assert here(to) == {}


def test_changed_file_is_left_alone(site: Site, fetch_small: Fetch, to: Path) -> None:
    """A file that somebody edited is an error, and is not overwritten."""
    source = source_of({"name": "train.csv", "url": site.publish("a.csv", CONTENT)})
    fetch_small(source)
    path = to / "small" / "train.csv"
    path.chmod(0o644)
    path.write_bytes(OTHER)

    with pytest.raises(DigestError, match="it stays as it is"):
        fetch_small(source)

    assert path.read_bytes() == OTHER
    assert len(site.asked) == 1


def test_file_put_there_by_hand_is_taken(
    site: Site, fetch_small: Fetch, to: Path
) -> None:
    """A file that was there before is trusted as the first one would be."""
    path = to / "small" / "train.csv"
    path.parent.mkdir(parents=True)
    path.write_bytes(CONTENT)
    source = source_of({"name": "train.csv"})

    (first,), (second,) = fetch_small(source), fetch_small(source)

    assert first.held_against == ""
    assert second.held_against.startswith("first got on")
    assert not path.stat().st_mode & 0o222


def test_nothing_partial_has_the_name(site: Site, fetch_small: Fetch, to: Path) -> None:
    """A download that breaks off leaves a part, which the next run makes whole."""
    site.headers = {}
    site.faults = [Fault(status=404)]
    source = source_of({"name": "train.csv", "url": site.publish("a.csv", CONTENT)})
    with pytest.raises(FetchError):
        fetch_small(source)
    (to / "small" / "train.csv.part").write_bytes(CONTENT[:100])

    fetch_small(source)

    assert here(to) == {"train.csv": CONTENT}


def test_files_before_a_failure_are_kept(
    site: Site, fetch_small: Fetch, to: Path
) -> None:
    """Two files of which the second fails leave the first, whole."""
    good = {"name": "train.csv", "url": site.publish("a.csv", CONTENT)}
    bad = {"name": "dev.csv", "url": f"{site.address}/no.csv"}

    with pytest.raises(FetchError, match="404"):
        fetch_small(source_of(good, bad))

    assert here(to) == {"train.csv": CONTENT}


@pytest.mark.parametrize("place", ["small/train.csv", "train.csv"])
def test_file_is_copied(
    place: str, fetch_small: Fetch, to: Path, tmp_path: Path
) -> None:
    """A folder that has the files, with a folder for each corpus or not, will do."""
    file = tmp_path / "disk" / place
    file.parent.mkdir(parents=True)
    file.write_bytes(CONTENT)

    (arrived,) = fetch_small(source_of({"name": "train.csv"}), tmp_path / "disk")

    assert arrived.how is Arrival.COPIED
    assert here(to) == {"train.csv": CONTENT}
    assert file.stat().st_mode & 0o200


def test_download_does_not_go_on_with_a_copy(
    site: Site,
    fetch_small: Fetch,
    to: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A download, then a copy, both broken off, do not make one file together."""
    source = source_of({"name": "train.csv", "url": site.publish("a.csv", CONTENT)})
    site.faults = [Fault(n_bytes=100), Fault(status=404)]
    with pytest.raises(FetchError, match="404"):
        fetch_small(source)
    (tmp_path / "train.csv").write_bytes(OTHER)

    def interrupted(place: Path, part: Path) -> None:
        part.write_bytes(b"other bytes")
        raise KeyboardInterrupt

    monkeypatch.setattr(shutil, "copyfile", interrupted)
    with pytest.raises(KeyboardInterrupt):
        fetch_small(source, tmp_path)

    fetch_small(source)

    assert here(to) == {"train.csv": CONTENT}


def test_copy_is_no_link(fetch_small: Fetch, to: Path, tmp_path: Path) -> None:
    """Of a link the file is copied: what it leads to may change, the copy does not."""
    disk = tmp_path / "disk"
    disk.mkdir()
    (tmp_path / "elsewhere.csv").write_bytes(CONTENT)
    (disk / "train.csv").symlink_to(tmp_path / "elsewhere.csv")

    fetch_small(source_of({"name": "train.csv"}), disk)

    assert not (to / "small" / "train.csv").is_symlink()
    assert (to / "small" / "train.csv").stat().st_nlink == 1


def test_copy_is_checked(fetch_small: Fetch, to: Path, tmp_path: Path) -> None:
    """A copy must have the published digest too."""
    (tmp_path / "train.csv").write_bytes(OTHER)

    with pytest.raises(DigestError):
        fetch_small(source_of({"name": "train.csv", "sha256": SHA256}), tmp_path)

    assert here(to) == {}


def test_folder_without_the_file(fetch_small: Fetch, tmp_path: Path) -> None:
    """If the folder has no such file, both places that were tried are named."""
    with pytest.raises(
        FetchError, match=r"neither .*small/train\.csv nor .*train\.csv"
    ):
        fetch_small(source_of({"name": "train.csv"}), tmp_path)


def test_file_without_address(fetch_small: Fetch) -> None:
    """A file that nobody may simply download is got by hand, and it is said how."""
    source = source_of({"name": "train.csv"}, homepage="https://example.org/x")

    with pytest.raises(FetchError, match=r"https://example.org/x: ask us.*--from DIR"):
        fetch_small(source)


def test_disk_that_cannot_be_written(site: Site, fetch_small: Fetch, to: Path) -> None:
    """If there is no room for the file, its place is named."""
    to.write_text("")
    url = site.publish("a.csv", CONTENT)

    with pytest.raises(FetchError, match=r"train\.csv: Not a directory"):
        fetch_small(source_of({"name": "train.csv", "url": url}))
