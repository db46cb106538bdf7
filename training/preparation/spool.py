"""Rows on disk while the pool is made: what stays in memory of them has no text."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import overload

import pyarrow as pa
import pyarrow.compute as pc

from training.corpora import Row
from training.preparation.schema import READ_SCHEMA, record_of

_BATCH_ROWS = 2048


def spool(rows: Iterable[Row], path: Path) -> list[Row]:
    """Write *rows* to *path* in the Arrow format, and return them without their texts."""
    light: list[Row] = []
    left = iter(rows)
    with pa.OSFile(str(path), "wb") as f, pa.ipc.new_file(f, READ_SCHEMA) as writer:
        while some := list(islice(left, _BATCH_ROWS)):
            records = [record_of(r) for r in some]
            writer.write_batch(pa.RecordBatch.from_pylist(records, READ_SCHEMA))
            light += map(_without_text, some)
    return light


class Spooled:
    """What ``spool`` wrote, mapped into memory and never all of it read."""

    def __init__(self, path: Path) -> None:
        self._reader = pa.ipc.open_file(pa.memory_map(str(path)))

    def texts(self) -> Sequence[str]:
        """Return the text of each row."""
        return _Column([b["text"] for b in self.batches()])

    def wholes(self) -> Sequence[str]:
        """Return the text of each row, of a claim with its evidence."""
        joined = [
            pc.binary_join_element_wise(b["text"], pc.coalesce(b["evidence"], ""), "\n")
            for b in self.batches()
        ]
        return _Column(joined)

    def batches(self) -> Iterator[pa.RecordBatch]:
        """Yield the columns of ``READ_SCHEMA``, some rows at a time."""
        for i in range(self._reader.num_record_batches):
            yield self._reader.get_batch(i)


class _Column(Sequence[str]):
    def __init__(self, chunks: list[pa.StringArray]) -> None:
        self._column = pa.chunked_array(chunks, type=pa.string())

    def __len__(self) -> int:
        return len(self._column)

    @overload
    def __getitem__(self, at: int) -> str: ...
    @overload
    def __getitem__(self, at: slice) -> list[str]: ...
    def __getitem__(self, at: int | slice) -> str | list[str]:
        if isinstance(at, slice):
            return [self[i] for i in range(*at.indices(len(self)))]
        return str(self._column[at])


_NO_FACETS: dict[str, str] = {}
_NO_TARGETS: dict[str, int] = {}


def _without_text(row: Row) -> Row:
    return replace(
        row,
        text="",
        evidence=None,
        spans=(),
        targets=_NO_TARGETS,
        facets=_NO_FACETS,
    )
