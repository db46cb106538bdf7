"""Prepared rows, read back a batch at a time, and only those that may be used."""

from collections.abc import Collection, Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds

from training.corpora import Row
from training.corpora.sources import Permission
from training.errors import PreparedError
from training.preparation.files import file_of
from training.preparation.schema import FEATURES, SCHEMA, row_of
from training.splits import Split

_BATCH_ROWS = 2048


def read_rows(
    folder: Path,
    split: Split,
    *,
    corpora: Collection[str] | None = None,
    permission: Permission = Permission.UNSTATED,
) -> Iterator[Row]:
    """
    Yield the rows of *split*, without ever holding all of them.

    Args:
        folder: What ``prepare`` made.
        split: Which file.
        corpora: Only rows of these; by default of all.
        permission: The least that the terms of a row must allow: ``redistributable``
            reads only such rows, ``research`` these and what is for research, and
            ``unstated`` all.

    Raises:
        PreparedError: If the file is not there or not what ``prepare`` writes.
    """
    path = folder / file_of(split)
    wanted = pc.field("permission").isin(_allowed(permission))
    if corpora is not None:
        wanted &= pc.field("corpus").isin(list(corpora))
    try:
        table = ds.dataset(path, schema=SCHEMA)
        batches = table.to_batches(filter=wanted, batch_size=_BATCH_ROWS)
        for batch in batches:
            yield from map(row_of, batch.to_pylist())
    except (OSError, pa.ArrowInvalid) as e:
        msg = f"{path} is not readable; make it anew with `kiemtin data prepare`"
        raise PreparedError(msg) from e


def _allowed(least: Permission) -> list[int]:
    order = list(Permission)  # from the most to the least
    allowed = order[: order.index(least) + 1]
    return [FEATURES["permission"].str2int(p) for p in allowed]
