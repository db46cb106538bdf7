"""Published CSV files, record by record, with what is malformed set aside."""

import csv
from collections.abc import Callable, Iterator, Sequence
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
        folder: Where the files lie; its name is the corpus of what is set aside.
        files: Their names, as published.
        columns: What the header must name; others may stand beside them.
        parse: Makes a row of a row id and a record, or raises
            MalformedRecordError with a reason that does not quote the record.

    Raises:
        CorpusMissingError: If a file is not there or has another header.
    """
    for name in files:
        for number, line, record in _records(folder / name, columns):
            try:
                row = parse(f"{Path(name).stem}:{number}", _whole(record))
                check_text(row.text)
            except MalformedRecordError as e:
                yield SetAside(folder.name, name, line, str(e))
            else:
                yield row


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


def facets_of(record: Record, **columns: str) -> dict[str, str]:
    """Return the facets that *record* has, each from the column of its name."""
    found = {name: record.get(c, "").strip() for name, c in columns.items()}
    return {name: value for name, value in found.items() if value}


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


_Fields = dict[str | Any, str | Any]


def _records(
    path: Path, columns: Sequence[str]
) -> Iterator[tuple[int, int, _Fields | None]]:
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
        for number, record in enumerate(_each(reader), start=1):
            yield number, reader.line_num, record


def _each(reader: "csv.DictReader[str]") -> Iterator[_Fields | None]:
    """Yield each record, None for one that is no CSV."""
    while True:
        try:
            yield dict(next(reader))
        except StopIteration:
            return
        except csv.Error:  # such as a quote that is never closed
            yield None


def _whole(record: _Fields | None) -> Record:
    if record is None:
        msg = "not CSV: a field is too long, or a quote is not closed"
        raise MalformedRecordError(msg)
    # DictReader keeps surplus fields under None, and fills absent ones with None.
    if None in record:
        msg = "more fields than columns"
        raise MalformedRecordError(msg)
    if None in record.values():
        msg = "fewer fields than columns"
        raise MalformedRecordError(msg)
    return record
