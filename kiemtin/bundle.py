"""
A model bundle: everything needed to score a text, in one folder.

    model.onnx       the network
    wide.npz         the wide part, where there is one
    tokenizer.json   the tokenizer
    goldens.jsonl    texts with the scores they must get
    report.json      what was measured on what
    recipe.toml      the resolved recipe it was trained by
    README.md        the model card
    manifest.json    what all of it is, and the checksums
"""

import hashlib
from pathlib import Path

from pydantic import ValidationError

from kiemtin.errors import (
    BundleCorruptError,
    BundleForeignFileError,
    BundleMismatchError,
    BundleMissingError,
)
from kiemtin.manifest import FILES, MANIFEST_FILE, Manifest


def read_manifest(folder: Path) -> Manifest:
    """
    Read and verify the bundle in *folder*, to score with it.

    Raises:
        BundleMissingError: If a file is not there.
        BundleCorruptError: If a file is not the one that was exported.
        BundleForeignFileError: If there is a file more.
        BundleMismatchError: If this code preprocesses text differently.
    """
    # What only looks at a bundle needs no tokenizer in its memory.
    from kiemtin.text import NORMALIZER_VERSION  # noqa: PLC0415

    manifest = verify_files(folder)
    if manifest.normalizer_version != NORMALIZER_VERSION:
        msg = (
            f"{manifest.name} was trained with normalizer "
            f"{manifest.normalizer_version}, this code has {NORMALIZER_VERSION}"
        )
        raise BundleMismatchError(msg)
    return manifest


def verify_files(folder: Path) -> Manifest:
    """
    Return the manifest of *folder*, whose files are those that it names.

    Raises:
        BundleMissingError: If a file is not there.
        BundleCorruptError: If a file is not the one that was exported.
        BundleForeignFileError: If there is a file more.
    """
    _require(folder, (MANIFEST_FILE, *FILES))
    manifest = _parse(folder / MANIFEST_FILE)
    _require(folder, manifest.files)
    for path in sorted(folder.iterdir()):
        if path.name not in (MANIFEST_FILE, *manifest.files):
            msg = f"{folder} has a file that its manifest does not name: {path.name}"
            raise BundleForeignFileError(msg)
    for name, expected in manifest.sha256.items():
        if file_sha256(folder / name) != expected:
            msg = f"{folder / name} does not match its checksum"
            raise BundleCorruptError(msg)
    return manifest


def bundle_digest(folder: Path) -> str:
    """Return what identifies a bundle: the manifest names the bytes of the rest."""
    return f"sha256:{file_sha256(folder / MANIFEST_FILE)}"


def file_sha256(path: Path) -> str:
    """Return the checksum of *path* as a manifest records it."""
    with path.open("rb") as f:
        return hashlib.file_digest(f, "sha256").hexdigest()


def _require(folder: Path, names: tuple[str, ...]) -> None:
    for name in names:
        if not (folder / name).is_file():
            msg = f"{folder} has no {name}"
            raise BundleMissingError(msg)


def _parse(path: Path) -> Manifest:
    try:
        return Manifest.model_validate_json(path.read_bytes())
    except ValidationError as e:
        problems = "; ".join(
            f"{'.'.join(map(str, x['loc']))}: {x['msg']}" for x in e.errors()
        )
        msg = f"{path} is not a manifest that this code reads: {problems}"
        raise BundleCorruptError(msg) from e
