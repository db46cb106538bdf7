"""Put a bundle into a folder of models: copied aside, proven, renamed into place."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from kiemtin.bundle import bundle_digest, verify_files
from kiemtin.commands.sources import Source
from kiemtin.errors import BundleCorruptError, BundleError, FolderUnwritableError
from kiemtin.goldens import check_goldens, read_goldens
from kiemtin.manifest import Manifest
from kiemtin.models_folder import find_bundles, folder_name, read_active, write_active
from kiemtin.scoring import Scorer


@dataclass(frozen=True, slots=True)
class Pulled:
    """Where a bundle is, and whether it was not there before."""

    folder: Path
    is_new: bool


def pull_bundle(source: Source, models: Path) -> Pulled:
    """
    Put the bundle of *source* into *models*; one that is there whole stays as it is.

    Raises:
        BundleError: If it does not prove itself; nothing of it is left behind.
        FolderUnwritableError: If *models* cannot be written.
    """
    digest = source.digest
    for found in find_bundles(models):
        if found.digest == digest and _is_whole(found.folder):
            return Pulled(found.folder, is_new=False)
    with _writing(models):
        models.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=models, prefix=".pull-") as aside:
            fetched = source.fetch(Path(aside) / "fetched")
            verify_files(fetched)
            whole = shutil.copytree(fetched, Path(aside) / "whole")
            manifest = _prove(whole, digest)
            os.utime(whole)  # it says since when it is here
            target = models / folder_name(manifest, digest)
            if target.exists():
                # Of the same name, and not whole: what is no longer used goes with us.
                target.rename(Path(aside) / "broken")
            whole.rename(target)
    return Pulled(target, is_new=True)


def name_active(folder: Path) -> bool:
    """
    Say that *folder* is to score, unless that is said already.

    Returns:
        Whether it was not. What is said again would undo a rollback, so it is not.

    Raises:
        FolderUnwritableError: If it cannot be said.
    """
    named = read_active(folder.parent)
    if named and named.folder == folder.name:
        return False
    with _writing(folder.parent):
        write_active(folder.parent, folder.name)
    return True


def _prove(folder: Path, digest: str) -> Manifest:
    scorer = Scorer.load(folder)
    if bundle_digest(folder) != digest:
        msg = f"the bundle is {bundle_digest(folder)}, not {digest}"
        raise BundleCorruptError(msg)
    check_goldens(scorer, read_goldens(folder))
    return scorer.manifest


def _is_whole(folder: Path) -> bool:
    try:
        verify_files(folder)
    except BundleError:
        return False
    return True


@contextmanager
def _writing(models: Path) -> Iterator[None]:
    try:
        yield
    except OSError as e:
        reason = e.strerror or type(e).__name__
        msg = f"cannot put a bundle into {models}: {reason}"
        raise FolderUnwritableError(msg) from e
