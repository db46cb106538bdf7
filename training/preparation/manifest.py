"""``prepared.json``: what was prepared, of what, by which rules."""

import hashlib
from collections.abc import Iterable
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from kiemtin.text import NORMALIZER_VERSION
from training.corpora import folder_of
from training.corpora.sources import SOURCES_FILE
from training.errors import PreparedError
from training.splits import SPLIT_VERSION

MANIFEST_FILE = "prepared.json"
FORMAT_VERSION = 1
"""Bump when the columns or the rules of ``settle`` change."""

Counts = dict[str, dict[str, int]]
"""By corpus, then by what is counted."""


class Rules(BaseModel):
    """All but the rows that decides what is prepared."""

    model_config = ConfigDict(frozen=True)

    seed: int
    corpora: tuple[str, ...]
    format_version: int = FORMAT_VERSION
    split_version: int = SPLIT_VERSION
    normalizer_version: int = NORMALIZER_VERSION


class Manifest(BaseModel):
    """
    What lies beside the Parquet files.

    Attributes:
        rules: By which it was made.
        inputs: The sha256 of every file that was read.
        outputs: The size in bytes of every file that was written.
        digest: Of the splits of all rows.
        rows: In each split.
        set_aside: By reason, of records that could not be read; their places stand in
            ``set_aside.jsonl``.
        left_out: By reason, of rows that could; they stand in ``held_out``.
        conflicts: Groups of equal texts, and clusters, with several classes.
        missing: Where to get the corpora that are not there.
    """

    model_config = ConfigDict(frozen=True)

    rules: Rules
    inputs: dict[str, str]
    outputs: dict[str, int]
    digest: str
    rows: Counts
    set_aside: Counts
    left_out: Counts
    conflicts: Counts
    missing: dict[str, str]


def read_manifest(folder: Path) -> Manifest:
    """
    Read ``prepared.json`` in *folder*.

    Raises:
        PreparedError: If it is not there, or not what we write.
    """
    path = folder / MANIFEST_FILE
    try:
        return Manifest.model_validate_json(path.read_bytes())
    except FileNotFoundError as e:
        msg = f"{path} is not there; make it with `kiemtin data prepare`"
        raise PreparedError(msg) from e
    except (OSError, ValidationError) as e:
        msg = f"{path} is not readable; make it anew with `kiemtin data prepare`"
        raise PreparedError(msg) from e


def is_current(manifest: Manifest) -> bool:
    """Return whether the rules of this code are those that *manifest* was made by."""
    rules = manifest.rules
    return rules == Rules(seed=rules.seed, corpora=rules.corpora)


def is_whole(manifest: Manifest, folder: Path) -> bool:
    """Return whether every file of *manifest* lies in *folder* as it was written."""
    return all(
        (folder / name).is_file() and (folder / name).stat().st_size == n_bytes
        for name, n_bytes in manifest.outputs.items()
    )


def hash_inputs(corpora: Iterable[str], root: Path) -> dict[str, str]:
    """Return the sha256 of every file of *corpora* under *root*, and of the sources."""
    files = {
        f"{name}/{path.name}": path
        for name in corpora
        for path in sorted(folder_of(name, root).iterdir())
        if path.is_file()
    }
    if SOURCES_FILE.is_file():
        files[SOURCES_FILE.name] = SOURCES_FILE
    return {name: _sha256(path) for name, path in files.items()}


def _sha256(path: Path) -> str:
    with path.open("rb") as f:
        return hashlib.file_digest(f, "sha256").hexdigest()
