"""What ``data/sources.toml`` says of a corpus, where the checkout is at hand."""

import tomllib
from pathlib import Path
from typing import Any

SOURCES_FILE = Path(__file__).parents[2] / "data" / "sources.toml"


def read_sources(path: Path = SOURCES_FILE) -> dict[str, dict[str, Any]]:
    """Return the table of each corpus; none where the wheel left the file behind."""
    if not path.is_file():
        return {}
    return tomllib.loads(path.read_text(encoding="utf-8"))


def where_to_get(name: str) -> str:
    """Return a phrase that sends its reader to the corpus *name*."""
    url = read_sources().get(name, {}).get("url")
    return f"get it from: {url}" if url else "data/sources.toml says where to get it"
