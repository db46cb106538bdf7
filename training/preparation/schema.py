"""Prepared rows as columns: what the Parquet files hold, and rows made of it again."""

from datetime import UTC, datetime
from typing import Any

import pyarrow as pa
from datasets import ClassLabel, Features, List, Value

from kiemtin.labels import Label
from training.corpora import Head, Row
from training.corpora.sources import Permission
from training.corpora.vithsd import TARGETS
from training.preparation.fates import Fate
from training.splits import Split

GROUPS = ("title", "url", "premise")

_READ = {
    "corpus": Value("string"),
    "row_id": Value("string"),
    "text": Value("string"),
    "evidence": Value("string"),
    "head": ClassLabel(names=[str(h) for h in Head]),
    "labels": {str(x): Value("bool") for x in Label},
    "source_label": Value("string"),
    **{g: Value("string") for g in GROUPS},
    "time": Value("timestamp[ms, tz=UTC]"),
    "spans": List({"start": Value("int32"), "end": Value("int32")}),
    "targets": {t: Value("int8") for t in TARGETS},
}
"""What readers give, less the facets."""

FEATURES = Features(
    {
        **_READ,
        "licence": Value("string"),
        "permission": ClassLabel(names=[str(p) for p in Permission]),
        "cluster": Value("string"),
        "split_by_time": ClassLabel(
            names=[str(s) for s in (Split.TRAIN, Split.DEV, Split.TEST, Split.HELD_OUT)]
        ),
        "left_out": ClassLabel(names=[str(f) for f in Fate]),
    }
)
"""
Of every prepared file.

A label, group, time, evidence or target that a corpus says nothing of is null.
``cluster`` is the key of the first near-duplicate; ``left_out`` says of held-out rows
why, and is null elsewhere.
"""

SCHEMA: pa.Schema = FEATURES.arrow_schema
READ_SCHEMA: pa.Schema = Features(_READ).arrow_schema

_HEADS = [str(h) for h in Head]


def record_of(row: Row) -> dict[str, Any]:
    """Return the columns of ``READ_SCHEMA`` for *row*."""
    return {
        "corpus": row.corpus,
        "row_id": row.row_id,
        "text": row.text,
        "evidence": row.evidence,
        "head": _HEADS.index(row.head),
        "labels": {str(x): row.labels.get(x) for x in Label},
        "source_label": row.source_label,
        **{g: row.groups.get(g) for g in GROUPS},
        "time": row.time,
        "spans": [{"start": a, "end": b} for a, b in row.spans],
        "targets": {t: row.targets.get(t) for t in TARGETS},
    }


def row_of(record: dict[str, Any]) -> Row:
    """Return the row that *record* was made of, without its facets."""
    return Row(
        record["corpus"],
        record["row_id"],
        record["text"],
        Head(_HEADS[record["head"]]),
        {x: yes for x in Label if (yes := record["labels"][x]) is not None},
        source_label=record["source_label"],
        groups={g: record[g] for g in GROUPS if record[g] is not None},
        time=_in_utc(record["time"]),
        evidence=record["evidence"],
        spans=tuple((s["start"], s["end"]) for s in record["spans"]),
        targets={t: n for t, n in record["targets"].items() if n is not None},
    )


def _in_utc(time: datetime | None) -> datetime | None:
    return None if time is None else time.astimezone(UTC)
