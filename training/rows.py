"""The pool of a run: every row of its corpora with the split it belongs to."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import structlog

from training.corpora import Row, read_corpus
from training.corpora.protected_speech import NAME as PROTECTED
from training.pool import cluster, equal_texts, resolve_conflicts
from training.splits import SPLIT_VERSION, Split, digest, split

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Pool:
    """Rows by split."""

    rows: dict[Split, list[Row]]
    digest: str
    set_aside: dict[str, int]
    n_relabelled: int
    """Training rows that took the label of most of their equal texts."""
    n_contradictory: int
    """Training rows left out, since as many equal texts say yes as say no."""

    @property
    def version(self) -> int:
        """By which rules the rows were split."""
        return SPLIT_VERSION


def load_pool(
    corpora: Sequence[str], root: Path, *, seed: int, max_rows: int | None = None
) -> Pool:
    """
    Read *corpora* and protected speech from *root* and split them by cluster.

    Raises:
        CorpusMissingError: If one is not there.
    """
    rows: list[Row] = []
    set_aside: dict[str, int] = {}
    for name in (*corpora, PROTECTED):
        found, aside = read_corpus(name, root)
        rows += found[:max_rows]
        set_aside[name] = len(aside)
        log.info("read", corpus=name, rows=len(found), set_aside=len(aside))
    clusters = cluster([r.text for r in rows])
    assigned = split(rows, clusters, seed=seed)
    by_split: dict[Split, list[Row]] = {s: [] for s in Split}
    for row, s in zip(rows, assigned, strict=True):
        by_split[s].append(row)
    log.info("split", **{str(s): len(r) for s, r in by_split.items()})
    # Only where it trains: dev and test keep what the annotators said.
    trained = by_split[Split.TRAIN]
    resolved = resolve_conflicts(trained, equal_texts([r.text for r in trained]))
    by_split[Split.TRAIN] = resolved.rows
    return Pool(
        by_split,
        digest(rows, assigned),
        set_aside,
        n_relabelled=resolved.n_relabelled,
        n_contradictory=resolved.n_dropped,
    )
