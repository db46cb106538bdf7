"""Registered bundles, as ``kiemtin bundle pull`` asks for them."""

import re
from pathlib import Path

from training.errors import NoModelError
from training.tracking.registry import MODEL, Registered, Registry

_REFERENCE = re.compile(
    r"models:/(?P<name>[^/@]+)(?:@(?P<alias>[^/@]+)|/(?P<version>\d+))"
)


class RegisteredSource:
    """A version in the registry; nothing is fetched before it is asked for."""

    def __init__(self, registry: Registry, wanted: Registered) -> None:
        self._registry = registry
        self._wanted = wanted

    @property
    def digest(self) -> str:
        """What identifies its bundle."""
        return self._wanted.digest

    def fetch(self, into: Path) -> Path:
        """Return a folder in *into* that holds the bundle."""
        return self._registry.resolve(self._wanted.version, into)


def open_registered(reference: str, store: str) -> RegisteredSource:
    """
    Return the version that an address of MLflow's stands for now.

    Args:
        reference: ``models:/kiemtin@champion`` or ``models:/kiemtin/3``.
        store: A database or the address of a server.

    Raises:
        NoModelError: If there is none.
        StoreError: If the store cannot be reached.
    """
    match = _REFERENCE.fullmatch(reference)
    if match is None or match["name"] != MODEL:
        msg = (
            f"{reference} is no registered bundle: say models:/{MODEL}@ALIAS "
            f"or models:/{MODEL}/VERSION"
        )
        raise NoModelError(msg)
    registry = Registry.at(store)
    wanted = registry.find(match["alias"] or match["version"])
    return RegisteredSource(registry, wanted)
