"""The pool of a run: the prepared rows of its corpora, by split."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import structlog

from training.corpora import Row
from training.corpora.sources import Permission
from training.errors import PreparedError
from training.preparation.load import read_rows
from training.preparation.manifest import is_current, read_manifest
from training.splits import Split

log = structlog.get_logger()

PROTECTED = (Split.PROTECTED_DEV, Split.PROTECTED_TEST)


@dataclass(frozen=True, slots=True)
class Pool:
    """Rows by split."""

    rows: dict[Split, list[Row]]
    digest: str
    split_version: int
    set_aside: dict[str, int]
    """How many records of each corpus could not be read."""
    left_out: dict[str, int]
    """How many rows of each corpus are copies, contradict one another, or cross."""


def load_pool(
    folder: Path,
    corpora: Sequence[str],
    *,
    permission: Permission = Permission.UNSTATED,
    max_rows: int | None = None,
) -> Pool:
    """
    Load the rows of *corpora* that ``kiemtin data prepare`` put into *folder*.

    Protected speech of every corpus is loaded too: it is measured and never trained.

    Args:
        folder: What ``prepare`` made.
        corpora: Which are learnt from and measured.
        permission: The least that the terms of a row must allow.
        max_rows: At most so many rows of each corpus in a split; for rehearsals.

    Raises:
        PreparedError: If there is no prepared set, a corpus is not in it, or nothing
            in it may be used.
    """
    manifest = read_manifest(folder)
    if not is_current(manifest):
        msg = f"{folder} was made by other rules; make it anew with `kiemtin data prepare`"
        raise PreparedError(msg)
    absent = [c for c in corpora if c not in manifest.rules.corpora]
    if absent:
        msg = f"{folder} has no {', '.join(absent)}: {manifest.missing.get(absent[0])}"
        raise PreparedError(msg)
    rows = {
        s: list(
            _capped(
                read_rows(
                    folder,
                    s,
                    corpora=None if s in PROTECTED else corpora,
                    permission=Permission.UNSTATED if s in PROTECTED else permission,
                ),
                max_rows,
            )
        )
        for s in Split
    }
    if not rows[Split.TRAIN]:
        msg = f"no row of {', '.join(corpora)} to train on is {permission}"
        raise PreparedError(msg)
    if not all(rows[s] for s in PROTECTED):
        msg = f"{folder} has no protected speech, by which every model is measured"
        raise PreparedError(msg)
    log.info("loaded", **{str(s): len(found) for s, found in rows.items()})
    return Pool(
        rows,
        manifest.digest,
        manifest.rules.split_version,
        set_aside={c: sum(manifest.set_aside.get(c, {}).values()) for c in corpora},
        left_out={c: sum(manifest.left_out.get(c, {}).values()) for c in corpora},
    )


def _capped(rows: Iterable[Row], most: int | None) -> Iterable[Row]:
    seen: Counter[str] = Counter()
    for row in rows:
        seen[row.corpus] += 1
        if most is None or seen[row.corpus] <= most:
            yield row
