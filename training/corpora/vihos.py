"""ViHOS: comments with the characters that are hateful or offensive marked."""

import json
from pathlib import Path

from training.corpora.row import Head, Reading, Row
from training.corpora.table import MalformedRecordError, Record, read_tables

Spans = tuple[tuple[int, int], ...]


def read(folder: Path) -> Reading:
    """Read ``train.csv`` and ``dev.csv``, whose ``index_spans`` are code points."""
    return read_tables(
        folder, ("train.csv", "dev.csv"), ("content", "index_spans"), _parse
    )


def _parse(row_id: str, record: Record) -> Row:
    text = record["content"]
    spans = _spans(record["index_spans"], len(text))
    return Row(
        "vihos",
        row_id,
        text,
        Head.HIGHLIGHTS,
        source_label="marked" if spans else "unmarked",
        spans=spans,
    )


def _spans(value: str, length: int) -> Spans:
    """Return the runs of the indices that *value* lists."""
    indices = _indices(value)
    if indices and not 0 <= indices[0] <= indices[-1] < length:
        msg = "index_spans reaches outside of the text"
        raise MalformedRecordError(msg)
    runs: list[tuple[int, int]] = []
    for i in indices:
        if runs and runs[-1][1] == i:
            runs[-1] = (runs[-1][0], i + 1)
        else:
            runs.append((i, i + 1))
    return tuple(runs)


def _indices(value: str) -> list[int]:
    try:
        listed = json.loads(value)
    except (ValueError, RecursionError):
        listed = None
    if not isinstance(listed, list) or any(type(i) is not int for i in listed):
        msg = "index_spans is not a list of numbers"
        raise MalformedRecordError(msg)
    return sorted(set(listed))
