"""Bundles that did not prove themselves, remembered until they change."""

from dataclasses import dataclass
from pathlib import Path

from kiemtin.errors import BundleError
from kiemtin.models_folder import Found, Stamp


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a bundle was refused."""

    code: str
    detail: str


class Refusals:
    """What was refused, by folder."""

    def __init__(self) -> None:
        self._known: dict[Path, tuple[Stamp, Refusal]] = {}

    def note(self, bundle: Found, error: BundleError) -> None:
        """Remember that *bundle* was refused."""
        refusal = Refusal(error.code, str(error))
        self._known[bundle.folder] = (bundle.stamp, refusal)

    def forget(self, bundle: Found) -> None:
        """Forget it: the bundle proved itself."""
        self._known.pop(bundle.folder, None)

    def of(self, bundle: Found) -> Refusal | None:
        """Return why *bundle* was refused, as long as no file of it has changed."""
        stamp, refusal = self._known.get(bundle.folder, (None, None))
        return refusal if stamp == bundle.stamp else None
