"""
Among a million posts, how long a new one takes to find its cluster.

``python -m benchmarks.review.clusters --url sqlite --url postgresql://…/postgres``
"""

import argparse
import random
import time
from collections.abc import Sequence
from datetime import UTC, datetime

import numpy as np

from benchmarks.review.million import HOT, fill
from benchmarks.review.scratch import scratch
from benchmarks.review.texts import copy_of, new_texts
from benchmarks.serving.table import Row
from serving.db import Database
from serving.db.clusters import Clusters
from serving.review.clusters import Grouping, Print
from serving.review.policy import ReviewPolicy

_N_KNOWN = 2_000
_LIMIT_MS = 20.0
_AT = datetime(2026, 11, 1, tzinfo=UTC)


def main() -> None:
    """Measure it on each database and print it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", action="append", required=True)
    parser.add_argument("--posts", type=int, default=1_000_000)
    given = parser.parse_args()
    texts = [x for x in new_texts(3 * _N_KNOWN, 1) if Print.of(x)][:_N_KNOWN]
    prints = [p for x in texts if (p := Print.of(x))]
    for url in given.url:
        with scratch(url) as (database, own):
            began = time.perf_counter()
            fill(own, given.posts, prints)
            _say(f"{url}: {given.posts} posts in {time.perf_counter() - began:.0f} s")
            for row in _rows(database, texts):
                _say(str(row))


def _rows(database: Database, texts: Sequence[str]) -> list[Row]:
    rng = random.Random(2)  # noqa: S311 -- an order, not a secret
    copies = [copy_of(x, rng) for x in texts]
    new = new_texts(_N_KNOWN, 3)
    mixed = [x for pair in zip(copies, new, strict=True) for x in pair]
    times_ms, n_found = _times(database, mixed)
    _say(f"found {n_found} of {len(copies)} copies")
    hot_ms, _ = _times(database, mixed, hot=True)
    return [
        Row("find, p50, ms", float(np.quantile(times_ms, 0.5)), _LIMIT_MS, at_least=False),
        Row("find, p95, ms", float(np.quantile(times_ms, 0.95)), _LIMIT_MS, at_least=False),
        Row("find, p99, ms", float(np.quantile(times_ms, 0.99)), _LIMIT_MS, at_least=False),
        Row("a band that 50,000 share, p95, ms", float(np.quantile(hot_ms, 0.95)), _LIMIT_MS, at_least=False),
    ]  # fmt: skip


def _times(
    database: Database, texts: Sequence[str], *, hot: bool = False
) -> tuple[list[float], int]:
    """Return how long each takes, from its text to its cluster, in milliseconds."""
    terms = ReviewPolicy.read().cluster
    found, n_found = [], 0
    for text in texts:
        began = time.perf_counter()
        print_ = Print.of(text)
        if print_ is None:
            continue
        if hot:
            print_ = Print(print_.signature, (HOT, *print_.bands[1:]))
        with database.session() as session:
            grouping = Grouping(Clusters(session), terms)
            grouping.look_up([print_], (), for_update=False)
            n_found += grouping.find(print_, _AT) is not None
        found.append((time.perf_counter() - began) * 1e3)
    return found, n_found


def _say(line: str) -> None:
    print(line, flush=True)  # noqa: T201 -- it prints


if __name__ == "__main__":
    main()
