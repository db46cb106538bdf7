"""The bundle that comes with the package."""

from importlib.resources import files
from pathlib import Path

COMPACT = Path(str(files(__name__))) / "compact"
"""The folder of the embedded bundle: what is used unless another is named."""
