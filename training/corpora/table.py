"""Published CSV files, record by record, with what is malformed set aside."""

import csv
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from kiemtin.text import normalize
from training.corpora.row import Reading, Row, SetAside
from training.errors import CorpusMissingError

Record = dict[str, str]


class MalformedRecordError(ValueError):
    """A record cannot be read for what it is; never leaves this package."""


def read_tables(
    folder: Path,
    files: Sequence[str],
    columns: Sequence[str],
    parse: Callable[[str, Record], Row],
) -> Reading:
    """
    Read *files*, all of which must be there, with *parse*.

    Args:
        folder: Where the files lie.
        files: Their names, as published.
        columns: What the header must name; others may stand beside them.
        parse: Makes a row of a row id and a record, or raises
            MalformedRecordError with a reason that does not quote the record.

    Raises:
        CorpusMissingError: If a file is not there or has another header.
    """
    rows: list[Row] = []
    aside: list[SetAside] = []
    for name in files:
        for number, line, record in _records(folder / name, columns):
            try:
                row = parse(f"{Path(name).stem}:{number}", _whole(record))
                check_text(row.text)
                rows.append(row)
            except MalformedRecordError as e:
                aside.append(SetAside(name, line, str(e)))
    return rows, aside


def class_of(record: Record, column: str, classes: Sequence[str]) -> str:
    """
    Return the class in *column*.

    Raises:
        MalformedRecordError: If it is none of *classes*.
    """
    value = record[column].strip()
    if value not in classes:
        msg = f"{column} is not one of {', '.join(classes)}"
        raise MalformedRecordError(msg)
    return value


def check_text(text: str) -> None:
    """
    Check that *text* can be learnt from.

    Raises:
        MalformedRecordError: If not.
    """
    if any("\ud800" <= c <= "\udfff" for c in text):
        msg = "not UTF-8"
        raise MalformedRecordError(msg)
    if not normalize(text).text:
        msg = "empty text"
        raise MalformedRecordError(msg)


def _records(
    path: Path, columns: Sequence[str]
) -> list[tuple[int, int, dict[str | Any, str | Any]]]:
    # A byte that is not UTF-8 becomes half of a surrogate pair, which check_text
    # finds, so that it costs one record and not the file.
    if not path.is_file():
        msg = f"{path} is not there"
        raise CorpusMissingError(msg)
    with path.open(newline="", encoding="utf-8-sig", errors="surrogateescape") as f:
        reader = csv.DictReader(f)
        absent = [c for c in columns if c not in (reader.fieldnames or ())]
        if absent:
            msg = f"{path} has no column {', '.join(absent)}"
            raise CorpusMissingError(msg)
        return [(i, reader.line_num, dict(r)) for i, r in enumerate(reader, start=1)]


def _whole(record: dict[str | Any, str | Any]) -> Record:
    # DictReader keeps surplus fields under None, and fills absent ones with None.
    if None in record:
        msg = "more fields than columns"
        raise MalformedRecordError(msg)
    if None in record.values():
        msg = "fewer fields than columns"
        raise MalformedRecordError(msg)
    return record
