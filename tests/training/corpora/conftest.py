"""Small files in the formats of the authors."""

from collections.abc import Callable
from pathlib import Path

import pytest


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Write lines to a file of a corpus folder and return the folder."""

    def write(name: str, *lines: str) -> Path:
        text = "".join(f"{line}\n" for line in lines)
        # A lone surrogate in a test stands for a byte that is not UTF-8.
        (tmp_path / name).write_bytes(text.encode("utf-8", "surrogateescape"))
        return tmp_path

    return write
