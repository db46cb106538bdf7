"""The Parquet files of a prepared set, with the page that tells others how to open it."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from training.corpora import Row
from training.corpora.sources import Permission, Source
from training.preparation.fates import Fate
from training.preparation.schema import FEATURES, SCHEMA
from training.splits import Split

BY_TIME = "by_time"
"""The folder, and the configuration, of rows that are split by time."""

TIMED = (Split.TRAIN, Split.DEV, Split.TEST)
_ROW_GROUP_ROWS = 4096


@dataclass(frozen=True, slots=True)
class Verdicts:
    """What was decided of all rows, each list in their order."""

    rows: Sequence[Row]
    clusters: Sequence[int]
    splits: Sequence[Split]
    by_time: Sequence[Split | None]
    fates: Sequence[Fate | None]

    def home(self, i: int) -> Split:
        """Return in which file row *i* goes."""
        return Split.HELD_OUT if self.fates[i] else self.splits[i]


def write_rows(
    batches: Iterator[pa.RecordBatch],
    verdicts: Verdicts,
    sources: Mapping[str, Source],
    folder: Path,
) -> None:
    """Write every row of *batches* to the file of its split in *folder*."""
    (folder / BY_TIME).mkdir()
    with ExitStack() as stack:
        writers = {
            name: stack.enter_context(pq.ParquetWriter(folder / name, SCHEMA))
            for name in (*map(file_of, Split), *map(timed_file_of, TIMED))
        }
        at = 0
        for batch in batches:
            indices = range(at, at + batch.num_rows)
            table = _complete(batch, indices, verdicts, sources)
            for name, part in _parted(table, indices, verdicts):
                writers[name].write_table(part, row_group_size=_ROW_GROUP_ROWS)
            at += batch.num_rows


def file_of(split: Split) -> str:
    """Return the name of the file of *split*."""
    return f"{split}.parquet"


def timed_file_of(split: Split) -> str:
    """Return the name of the file of *split* by time."""
    return f"{BY_TIME}/{split}.parquet"


def write_page(folder: Path) -> None:
    """Write the README whose head makes ``datasets.load_dataset(folder)`` work."""
    lines = ["---", "configs:", "- config_name: default", "  default: true"]
    lines += ["  data_files:"]
    lines += [f"  - split: {s}\n    path: {file_of(s)}" for s in Split]
    lines += [f"- config_name: {BY_TIME}", "  data_files:"]
    lines += [f"  - split: {s}\n    path: {timed_file_of(s)}" for s in TIMED]
    lines += ["---", "", _PAGE]
    (folder / "README.md").write_text("\n".join(lines), encoding="utf-8")


_PAGE = """# Prepared rows

Written by `kiemtin data prepare`. `datasets.load_dataset(FOLDER, streaming=True)` opens
it; the configuration `by_time` has the dated corpora, split by time. Rows carry the
licence of their corpus: pass on only those whose `permission` is `redistributable`.
"""


def _complete(
    batch: pa.RecordBatch,
    indices: range,
    verdicts: Verdicts,
    sources: Mapping[str, Source],
) -> pa.Table:
    found = [_added(i, verdicts, sources) for i in indices]
    names = SCHEMA.names[batch.num_columns :]
    columns = [
        pa.array([f[n] for f in found], type=SCHEMA.field(n).type) for n in names
    ]
    return pa.Table.from_arrays([*batch.columns, *columns], schema=SCHEMA)


def _added(i: int, verdicts: Verdicts, sources: Mapping[str, Source]) -> dict[str, Any]:
    row = verdicts.rows[i]
    source = sources.get(row.corpus)
    permission = source.permission if source else Permission.UNSTATED
    return {
        "licence": source.licence if source else "unknown",
        "permission": FEATURES["permission"].str2int(permission),
        "cluster": verdicts.rows[verdicts.clusters[i]].key,
        "split_by_time": _class_id("split_by_time", verdicts.by_time[i]),
        "left_out": _class_id("left_out", verdicts.fates[i]),
    }


def _class_id(column: str, value: str | None) -> int | None:
    return None if value is None else int(FEATURES[column].str2int(str(value)))


def _parted(
    table: pa.Table, indices: range, verdicts: Verdicts
) -> Iterator[tuple[str, pa.Table]]:
    """Yield the rows of *table* that go into each file."""
    homes = [verdicts.home(i) for i in indices]
    for split in Split:
        if split in homes:
            yield file_of(split), table.filter([h is split for h in homes])
    times = [verdicts.by_time[i] for i in indices]
    for split in TIMED:
        if split in times:
            yield timed_file_of(split), table.filter([t is split for t in times])
