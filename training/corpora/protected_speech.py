"""Protected speech: benign criticism, opinion, satire and reporting; never trains."""

import json
from pathlib import Path

from training.corpora.row import Reading, Row, SetAside
from training.corpora.table import MalformedRecordError, check_text
from training.errors import CorpusMissingError

NAME = "protected_speech"
_FILE = "dev.jsonl"


def read(folder: Path) -> Reading:
    """
    Read ``dev.jsonl``: a JSON object with ``text`` and ``source`` a line.

    Raises:
        CorpusMissingError: If the file is not there.
    """
    path = folder / _FILE
    if not path.is_file():
        msg = f"{path} is not there"
        raise CorpusMissingError(msg)
    rows: list[Row] = []
    aside: list[SetAside] = []
    for number, line in enumerate(path.read_bytes().splitlines(), start=1):
        try:
            rows.append(_parse(f"{path.stem}:{number}", line))
        except MalformedRecordError as e:
            aside.append(SetAside(_FILE, number, str(e)))
    return rows, aside


def _parse(row_id: str, line: bytes) -> Row:
    try:
        record = json.loads(line)
    except ValueError as e:  # neither JSON nor UTF-8
        msg = "not JSON"
        raise MalformedRecordError(msg) from e
    match record:
        case {"text": str(text), "source": str(source), "label": "benign"}:
            check_text(text)
            return Row(NAME, row_id, text, {}, group=source, source_label="benign")
    msg = "not an object with a text, a source and the label benign"
    raise MalformedRecordError(msg)
