"""The bundles that are there: that of the settings, and those in the folder of models."""

from dataclasses import dataclass
from pathlib import Path

from kiemtin.models_folder import Found, find_bundles


@dataclass(frozen=True, slots=True)
class Catalog:
    """
    Where to look.

    Attributes:
        configured: The bundle of the settings.
        models: The folder of models, if there is one.
    """

    configured: Path
    models: Path | None = None

    def read(self) -> list[Found]:
        """Return what is there now, that of the settings first; manifests are read."""
        found = [Found.at(self.configured)]
        if self.models:
            found += find_bundles(self.models)
        return [x for x in found if x]
