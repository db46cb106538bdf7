"""What Google's clients read first: which methods there are, and where."""

import json
from importlib.resources import files
from typing import Any

VERSION = "v1alpha1"
_DOCUMENT: dict[str, Any] = json.loads(
    files(__package__).joinpath("discovery.json").read_text(encoding="utf-8")
)


def discovery_document(root_url: str) -> dict[str, Any]:
    """Return the discovery document of a service that is reached at *root_url*."""
    return {**_DOCUMENT, "rootUrl": root_url, "baseUrl": root_url}
