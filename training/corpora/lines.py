"""Files of JSON objects, one a line, with what is malformed set aside."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from training.corpora.row import Reading, Row, SetAside
from training.corpora.table import MalformedRecordError, check_text
from training.errors import CorpusMissingError


def read_lines(path: Path, parse: Callable[[str, Any], Row]) -> Reading:
    """
    Read the file at *path* with *parse*.

    Args:
        path: The name of its folder is the corpus of what is set aside.
        parse: Makes a row of a row id and whatever JSON the line holds, or raises
            MalformedRecordError with a reason that does not quote the line.

    Raises:
        CorpusMissingError: If the file is not there.
    """
    if not path.is_file():
        msg = f"{path} is not there"
        raise CorpusMissingError(msg)
    with path.open("rb") as f:
        for number, line in enumerate(f, start=1):
            try:
                row = parse(f"{path.stem}:{number}", _decode(line))
                check_text(row.text)
            except MalformedRecordError as e:
                yield SetAside(path.parent.name, path.name, number, str(e))
            else:
                yield row


def _decode(line: bytes) -> Any:
    try:
        return json.loads(line)
    except (ValueError, RecursionError) as e:  # neither JSON nor UTF-8
        msg = "not JSON"
        raise MalformedRecordError(msg) from e
