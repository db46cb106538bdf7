"""A folder of bundles: what counts in it, and which of them is to score."""

import shutil
from pathlib import Path

import pytest

from kiemtin.bundle import bundle_digest, verify_files
from kiemtin.manifest import CARD_FILE, MANIFEST_FILE
from kiemtin.models_folder import (
    ACTIVE_FILE,
    Found,
    find_bundles,
    folder_name,
    read_active,
    write_active,
)
from tests.fixtures.bundle_variants import write_variant


def test_each_folder_with_a_manifest_counts(bundle: Path, tmp_path: Path) -> None:
    """Bundles are found by name, whatever they are called; other things are passed over."""
    write_variant(bundle, tmp_path / "b", version="2")
    shutil.copytree(bundle, tmp_path / "a")
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes.txt").write_text("x")

    found = list(find_bundles(tmp_path))

    assert [x.folder.name for x in found] == ["a", "b"]
    assert [x.manifest.version for x in found if x.manifest] == ["1", "2"]
    assert found[0].digest == bundle_digest(bundle)


@pytest.mark.parametrize("name", [".pull-x", "tmp-copy", "tmp"])
def test_what_is_being_copied_does_not_count(
    bundle: Path, tmp_path: Path, name: str
) -> None:
    """A folder that somebody still writes into is nobody's model."""
    shutil.copytree(bundle, tmp_path / name)

    assert list(find_bundles(tmp_path)) == []


def test_no_folder_is_an_empty_one(tmp_path: Path) -> None:
    """The folder may come later than the service."""
    assert list(find_bundles(tmp_path / "none")) == []


def test_a_manifest_that_nobody_reads_is_still_there(tmp_path: Path) -> None:
    """It is listed, so that somebody sees that it is bad."""
    (tmp_path / MANIFEST_FILE).write_text("{}")

    found = Found.at(tmp_path)

    assert found is not None
    assert found.manifest is None


def test_the_stamp_tells_changes(bundle: Path, tmp_path: Path) -> None:
    """Another byte in any file is noticed without reading it."""
    copy = shutil.copytree(bundle, tmp_path / "copy")
    before, again = Found.at(copy), Found.at(copy)
    with (copy / CARD_FILE).open("a") as f:
        f.write("\n")
    after = Found.at(copy)

    assert before is not None
    assert after is not None
    assert before == again
    assert before.stamp != after.stamp


def test_the_name_of_a_folder(bundle: Path) -> None:
    """Name, version and the first digits, without what no file system likes."""
    manifest = verify_files(bundle)
    digest = "sha256:" + "0123456789ab" + "f" * 52

    def named(name: str, version: str) -> str:
        odd = manifest.model_copy(update={"name": name, "version": version})
        return folder_name(odd, digest)

    assert named("tiny", "1.2") == "tiny-1.2-0123456789ab"
    assert named("tiếng/Việt", "1 b") == "tiếng_Việt-1_b-0123456789ab"
    assert named("../x", "1") == "model-.._x-1-0123456789ab"
    assert named("tmpnet", "1") == "model-tmpnet-1-0123456789ab"


def test_who_is_active_is_written_and_read(tmp_path: Path) -> None:
    """Nothing is left beside the file, and another user may read it."""
    write_active(tmp_path, "a")
    write_active(tmp_path, "b")

    named = read_active(tmp_path)

    assert named is not None
    assert named.folder == "b"
    assert [x.name for x in tmp_path.iterdir()] == [ACTIVE_FILE]
    assert (tmp_path / ACTIVE_FILE).stat().st_mode & 0o444 == 0o444


@pytest.mark.parametrize("content", [b"", b"\n", b"../a", b"a/b", b".a", b"\xff"])
def test_nonsense_names_nobody(tmp_path: Path, content: bytes) -> None:
    """Only a plain name of a folder is followed."""
    (tmp_path / ACTIVE_FILE).write_bytes(content)

    assert read_active(tmp_path) is None


def test_nobody_is_active(tmp_path: Path) -> None:
    """Without the file nobody is named."""
    assert read_active(tmp_path) is None
