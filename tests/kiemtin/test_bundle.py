"""A bundle is used only if it is exactly what was exported."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kiemtin.bundle import bundle_digest, read_manifest
from kiemtin.errors import (
    BundleCorruptError,
    BundleForeignFileError,
    BundleMismatchError,
    BundleMissingError,
)
from kiemtin.labels import Label
from kiemtin.manifest import FILES, MANIFEST_FILE, TOKENIZER_FILE, WIDE_FILE
from kiemtin.text import NORMALIZER_VERSION


@pytest.fixture
def copy(bundle: Path, tmp_path: Path) -> Path:
    """A bundle that a test may break."""
    return shutil.copytree(bundle, tmp_path / "copy")


@pytest.fixture
def wide_copy(wide_bundle: Path, tmp_path: Path) -> Path:
    """One with a wide part that a test may break."""
    return shutil.copytree(wide_bundle, tmp_path / "wide")


def _edit(folder: Path, change: Callable[[dict[str, Any]], None]) -> None:
    manifest = json.loads((folder / MANIFEST_FILE).read_text())
    change(manifest)
    (folder / MANIFEST_FILE).write_text(json.dumps(manifest))


def test_whole_bundle(bundle: Path) -> None:
    """What was exported is accepted, and says its name."""
    assert read_manifest(bundle).name == "tiny"


@pytest.mark.parametrize("name", [*FILES, MANIFEST_FILE])
def test_missing_file(copy: Path, name: str) -> None:
    """A bundle without one of its files is refused by the name of the file."""
    (copy / name).unlink()

    with pytest.raises(BundleMissingError, match=name):
        read_manifest(copy)


def test_no_folder(tmp_path: Path) -> None:
    """A folder that is not there is refused like an empty one."""
    with pytest.raises(BundleMissingError, match="nowhere"):
        read_manifest(tmp_path / "nowhere")


@pytest.mark.parametrize("name", FILES)
def test_changed_file(copy: Path, name: str) -> None:
    """One byte more is noticed in every file."""
    with (copy / name).open("ab") as f:
        f.write(b" ")

    with pytest.raises(BundleCorruptError, match=name):
        read_manifest(copy)


@pytest.mark.parametrize("name", ["notes.txt", ".hidden", "model.onnx.data"])
def test_foreign_file(copy: Path, name: str) -> None:
    """A file that the manifest does not vouch for is refused by name."""
    (copy / name).write_text("")

    with pytest.raises(BundleForeignFileError, match=name):
        read_manifest(copy)


def test_foreign_folder(copy: Path) -> None:
    """A folder inside is no part of a bundle either."""
    (copy / "inner").mkdir()

    with pytest.raises(BundleForeignFileError, match="inner"):
        read_manifest(copy)


def test_missing_wide_part(wide_copy: Path) -> None:
    """A wide part that the manifest tells of must be there."""
    (wide_copy / WIDE_FILE).unlink()

    with pytest.raises(BundleMissingError, match=WIDE_FILE):
        read_manifest(wide_copy)


def test_changed_wide_part(wide_copy: Path) -> None:
    """One byte more is noticed there, too."""
    with (wide_copy / WIDE_FILE).open("ab") as f:
        f.write(b" ")

    with pytest.raises(BundleCorruptError, match=WIDE_FILE):
        read_manifest(wide_copy)


def test_foreign_wide_part(copy: Path, wide_bundle: Path) -> None:
    """A wide part that the manifest does not tell of is a file too many."""
    shutil.copy(wide_bundle / WIDE_FILE, copy)

    with pytest.raises(BundleForeignFileError, match=WIDE_FILE):
        read_manifest(copy)


@pytest.mark.parametrize("kept", [WIDE_FILE, "wide"])
def test_wide_part_half_told_of(wide_copy: Path, kept: str) -> None:
    """Its checksum and its description come together or not at all."""

    def _halve(manifest: dict[str, Any]) -> None:
        if kept == WIDE_FILE:
            manifest["wide"] = None
        else:
            del manifest["sha256"][WIDE_FILE]

    _edit(wide_copy, _halve)

    with pytest.raises(BundleCorruptError, match="checksums"):
        read_manifest(wide_copy)


def test_renamed_file(copy: Path) -> None:
    """A renamed file is refused by the name that is missing."""
    (copy / TOKENIZER_FILE).rename(copy / "tokens.json")

    with pytest.raises(BundleMissingError, match=TOKENIZER_FILE):
        read_manifest(copy)


def test_other_normalizer(copy: Path) -> None:
    """A model trained on differently normalized text is refused with both versions."""
    _edit(copy, lambda m: m.update(normalizer_version=99))

    with pytest.raises(BundleMismatchError, match=f"99, .* {NORMALIZER_VERSION}"):
        read_manifest(copy)


def _curve(logits: list[float], probabilities: list[float]) -> dict[str, Any]:
    return {"method": "isotonic", "logits": logits, "probabilities": probabilities}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda m: m.update(surprise=1), "surprise"),
        (lambda m: m.pop("window"), "window"),
        (lambda m: m.update(format_version=4), "format_version"),
        (lambda m: m["labels"].reverse(), "labels"),
        (lambda m: m["labels"].pop(), "labels"),
        (lambda m: m["labels"].__setitem__(0, "false"), "labels"),
        (lambda m: m["thresholds"].pop("scam"), "a label has no"),
        (lambda m: m["calibration"].pop("scam"), "a label has no"),
        (lambda m: m["calibration"]["spam"].update(method="guess"), "guess"),
        (lambda m: m["calibration"]["spam"].update(method="isotonic"), "isotonic"),
        (lambda m: m["calibration"]["spam"].update(slope=1e999), "finite"),
        (lambda m: m["calibration"].update(spam=_curve([0, 0], [0.1, 0.2])), "ascend"),
        (lambda m: m["calibration"].update(spam=_curve([0, 1], [0.2, 0.1])), "ascend"),
        (lambda m: m["calibration"].update(spam=_curve([0, 1], [0.2, 1.1])), "0 to 1"),
        (lambda m: m["calibration"].update(spam=_curve([0, 1, 2], [0, 1])), "3 logits"),
        (lambda m: m["thresholds"]["spam"].update(abstain=0.6), "do not ascend"),
        (lambda m: m["thresholds"]["spam"].update(review=0.995), "do not ascend"),
        (lambda m: m["pooling"].update(spam="smooth"), "spam is pooled smoothly"),
        (lambda m: m["segmenter"].update(name="vncorenlp"), "segmenter"),
        (lambda m: m["sha256"].pop(TOKENIZER_FILE), "checksums"),
        (lambda m: m["sha256"].update({"../secret": "0"}), "checksums"),
    ],
)
def test_manifest_that_this_code_does_not_read(
    copy: Path, change: Callable[[dict[str, Any]], None], said: str
) -> None:
    """A manifest with more, less or other than we know is refused, and says where."""
    _edit(copy, change)

    with pytest.raises(BundleCorruptError, match=said):
        read_manifest(copy)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff\xfe"])
def test_manifest_that_is_no_json(copy: Path, content: bytes) -> None:
    """Anything else in the place of a manifest is refused."""
    (copy / MANIFEST_FILE).write_bytes(content)

    with pytest.raises(BundleCorruptError, match=MANIFEST_FILE):
        read_manifest(copy)


def test_digest_changes_with_the_manifest(bundle: Path, copy: Path) -> None:
    """Equal bundles have one digest, another version has another."""
    assert bundle_digest(copy) == bundle_digest(bundle)

    _edit(copy, lambda m: m.update(version="2"))

    assert bundle_digest(copy) != bundle_digest(bundle)


def test_first_format_is_still_read(copy: Path) -> None:
    """A bundle from before bands of abstention is one without them."""

    def _age(manifest: dict[str, Any]) -> None:
        manifest["format_version"] = 1
        del manifest["variant"], manifest["sharpness"], manifest["wide"]
        for thresholds in manifest["thresholds"].values():
            del thresholds["abstain"]

    _edit(copy, _age)

    assert read_manifest(copy).thresholds[Label.SCAM].abstain is None


def test_second_format_is_still_read(copy: Path) -> None:
    """A bundle from before wide parts is one without."""

    def _age(manifest: dict[str, Any]) -> None:
        manifest["format_version"] = 2
        del manifest["wide"]

    _edit(copy, _age)

    assert read_manifest(copy).wide is None
