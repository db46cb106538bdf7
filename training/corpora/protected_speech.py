"""Protected speech: benign criticism, opinion, satire and reporting; never trains."""

from pathlib import Path
from typing import Any

from training.corpora.lines import read_lines
from training.corpora.row import Head, Reading, Row
from training.corpora.table import MalformedRecordError

NAME = "protected_speech"


def read(folder: Path) -> Reading:
    """
    Read ``dev.jsonl``: a JSON object with ``text`` and ``source`` a line.

    Raises:
        CorpusMissingError: If the file is not there.
    """
    return read_lines(folder / "dev.jsonl", _parse)


def _parse(row_id: str, record: Any) -> Row:
    match record:
        case {"text": str(text), "source": str(source), "label": "benign"}:
            return Row(
                NAME,
                row_id,
                text,
                Head.PROTECTED,
                source_label="benign",
                facets={"source": source},
            )
    msg = "not an object with a text, a source and the label benign"
    raise MalformedRecordError(msg)
