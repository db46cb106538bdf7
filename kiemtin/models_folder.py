"""A folder of bundles, of which one scores: who fills it and who serves from it agree."""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Self

from pydantic import ValidationError

from kiemtin.bundle import bundle_digest
from kiemtin.manifest import MANIFEST_FILE, Manifest

ACTIVE_FILE = "ACTIVE"
"""Holds the name of the folder that is to score."""

_UNFINISHED = (".", "tmp")
_ODD = re.compile(r"[^\w.-]+")
_SHORT = 12
_MOST_CHARS = 1024

Stamp = tuple[tuple[str, int, int], ...]


@dataclass(frozen=True, slots=True)
class Found:
    """
    A bundle as its manifest describes it; nothing of it is verified.

    Attributes:
        folder: Where it lies.
        digest: What identifies it.
        manifest: None if this code does not read it.
        since: When a file of it came or went last.
        stamp: Names, sizes and times of its files; another as soon as one is changed.
    """

    folder: Path
    digest: str
    manifest: Manifest | None
    since: datetime
    stamp: Stamp

    @classmethod
    def at(cls, folder: Path) -> Self | None:
        """Return the bundle in *folder*; None if there is none."""
        path = folder / MANIFEST_FILE
        try:
            files = sorted(folder.iterdir())
            stats = [(x.name, x.stat()) for x in files]
            digest, content = bundle_digest(folder), path.read_bytes()
            changed_s = folder.stat().st_mtime
        except OSError:
            return None
        try:
            manifest = Manifest.model_validate_json(content)
        except ValidationError:
            manifest = None
        stamp = tuple((name, x.st_size, x.st_mtime_ns) for name, x in stats)
        since = datetime.fromtimestamp(changed_s, UTC)
        return cls(folder, digest, manifest, since, stamp)


@dataclass(frozen=True, slots=True)
class Named:
    """What the file ``ACTIVE`` says, and since when."""

    folder: str
    at: datetime


def find_bundles(models: Path) -> Iterator[Found]:
    """Yield what lies in *models*, by name; what is still being copied does not count."""
    try:
        folders = sorted(models.iterdir())
    except OSError:
        return
    for folder in folders:
        if not folder.name.startswith(_UNFINISHED) and (found := Found.at(folder)):
            yield found


def folder_name(manifest: Manifest, digest: str) -> str:
    """Return how the folder of a bundle is called, which no other bundle's is."""
    short = digest.removeprefix("sha256:")[:_SHORT]
    name = _ODD.sub("_", f"{manifest.name}-{manifest.version}-{short}")
    return f"model-{name}" if name.startswith(_UNFINISHED) else name


def read_active(models: Path) -> Named | None:
    """Return which folder of *models* is to score; None if nobody says, or nonsense."""
    path = models / ACTIVE_FILE
    try:
        with path.open(encoding="utf-8") as f:
            name = f.read(_MOST_CHARS).strip()
            at = datetime.fromtimestamp(os.fstat(f.fileno()).st_mtime, UTC)
    except (OSError, UnicodeDecodeError):
        return None
    if not name or name.startswith(".") or Path(name).name != name:
        return None
    return Named(name, at)


def write_active(models: Path, name: str) -> None:
    """Say that the folder *name* of *models* is to score; nobody reads half of it."""
    with NamedTemporaryFile(
        "w", encoding="utf-8", dir=models, prefix=".active-", delete=False
    ) as f:
        f.write(f"{name}\n")
    path = Path(f.name)
    path.chmod(0o644)
    path.replace(models / ACTIVE_FILE)
