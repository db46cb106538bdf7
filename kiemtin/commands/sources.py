"""Where bundles are pulled from: a folder, or what an extra knows how to reach."""

import re
from importlib.metadata import entry_points
from pathlib import Path
from typing import Protocol, cast

from kiemtin.bundle import bundle_digest
from kiemtin.errors import BundleMissingError, ExtraMissingError, FileUnreadableError
from kiemtin.manifest import MANIFEST_FILE

GROUP = "kiemtin.sources"
"""Entry points by scheme: ``models`` for ``models:/kiemtin@champion``."""

_SCHEME = re.compile(r"([a-z][a-z0-9+.-]+):/")
_OURS = frozenset({"kiemtin", "serving", "training"})


class Source(Protocol):
    """A bundle that is somewhere else."""

    @property
    def digest(self) -> str:
        """What identifies it."""

    def fetch(self, into: Path) -> Path:
        """Return a folder that holds it; *into* is there to be made for that."""


class OpenSource(Protocol):
    """What an entry point is."""

    def __call__(self, reference: str, store: str) -> Source:
        """Find what *reference* stands for now."""


class FolderSource:
    """
    A bundle in a folder of this machine.

    Raises:
        BundleMissingError: If there is none.
        FileUnreadableError: If it may not be read.
    """

    def __init__(self, folder: Path) -> None:
        if not (folder / MANIFEST_FILE).is_file():
            msg = f"{folder} has no {MANIFEST_FILE}"
            raise BundleMissingError(msg)
        self._folder = folder
        try:
            self.digest = bundle_digest(folder)
        except OSError as e:
            msg = f"{folder / MANIFEST_FILE}: {e.strerror}"
            raise FileUnreadableError(msg) from e

    def fetch(self, into: Path) -> Path:
        """Return the folder itself."""
        return self._folder


def open_source(reference: str, store: str) -> Source:
    """
    Return what *reference* stands for: a folder, or an address with a scheme.

    Args:
        reference: Such as ``runs/compact`` or ``models:/kiemtin@champion``.
        store: Where addresses are looked up.

    Raises:
        BundleMissingError: If it is neither an address that is known nor a bundle.
        ExtraMissingError: If it needs packages that are not installed.
    """
    scheme = _SCHEME.match(reference)
    for point in entry_points(group=GROUP, name=scheme[1]) if scheme else ():
        try:
            return cast("OpenSource", point.load())(reference, store)
        except ModuleNotFoundError as e:
            if (e.name or "").partition(".")[0] in _OURS:
                raise
            extra = point.module.partition(".")[0]
            msg = (
                f"{point.name}:/ needs {e.name}, which comes with the {extra} extra: "
                f"in the checkout, pip install '.[{extra}]'"
            )
            raise ExtraMissingError(msg) from None
    return FolderSource(Path(reference))
