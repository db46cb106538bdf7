"""
How many posts a second come into the queue, apart from scoring them.

``python -m benchmarks.review.ingest --url sqlite --url postgresql://…/postgres``
"""

import argparse
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from benchmarks.review.million import fill
from benchmarks.review.scratch import scratch
from benchmarks.review.texts import drafts, judged
from benchmarks.serving.table import Row
from serving.db import Database
from serving.keyed import Keyed
from serving.review.drafts import prepare
from serving.review.ingest import draw, write
from serving.review.policy import ReviewPolicy

_BATCH = 256
_LEAST = 1_000.0
_KEYED = Keyed(b"a secret of benchmarks")


def main() -> None:
    """Measure it on each database and print it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", action="append", required=True)
    parser.add_argument("--posts", type=int, default=100 * _BATCH, help="to be sent")
    parser.add_argument("--there", type=int, default=0, help="posts that are there")
    given = parser.parse_args()
    for url in given.url:
        with scratch(url) as (database, own):
            if given.there:
                fill(own, given.there, ())
            for n_callers in (1, 2):
                row = _measure(database, given.posts, n_callers)
                print(f"{url.partition(':')[0]:<11}{row}", flush=True)  # noqa: T201 -- it prints


def _measure(database: Database, n: int, n_callers: int) -> Row:
    policy = ReviewPolicy.read()
    batches = [drafts(_BATCH, n_callers * 100_000 + i) for i in range(n // _BATCH)]
    said = [judged(x, i) for i, x in enumerate(batches)]

    def send(i: int) -> float:
        began = time.perf_counter()
        prepared = prepare(_KEYED, batches[i], draw)
        with database.work("system") as work:
            write(work, policy, prepared, said[i])
            work.commit()
        return (time.perf_counter() - began) * 1e3

    began = time.perf_counter()
    with ThreadPoolExecutor(n_callers) as pool:
        times_ms = list(pool.map(send, range(len(batches))))
    seconds = time.perf_counter() - began
    who = f"{n_callers} caller{'s' * (n_callers > 1)}"
    p95_ms = float(np.quantile(times_ms, 0.95))
    what = f"batches of {_BATCH}, {who}, p95 {p95_ms:.0f} ms, posts/s"
    return Row(what, n / seconds, _LEAST)


if __name__ == "__main__":
    main()
