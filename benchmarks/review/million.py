"""A million posts, each in a cluster of its own, written as fast as it goes."""

import sqlite3
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

import numpy as np
import psycopg
from numpy.typing import NDArray

from serving.review.clusters import Print
from serving.review.fingerprint import N_BANDS, N_HASHES

_AT = datetime(2026, 11, 1, tzinfo=UTC)
_CHUNK = 10_000
_N_HOT = 50_000
"""So many clusters share one band: a phrase that all of a site's posts begin with."""
HOT = 4_611_686_018_427_387_904

_POSTS = """
INSERT INTO posts (id, text, scores, recommendation, model_digest, policy_version,
 created_at, source, external_id, revision, origin, text_digest, language, flagged,
 cluster_id)
SELECT 'post_' || n, 'bài viết số ' || n || ' về một chuyện không ai chép lại',
 '{"scam": 0.1}', 'none', 'sha256:0', '1', '2026-11-01 00:00:00', 'forum',
 'x' || n, '', 'pipeline', 'd' || n, 'vi', '[]', n FROM """
_SERIES = {
    "postgresql": "generate_series(1, {n}) AS s(n)",
    "sqlite": "(WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s"
    " WHERE n < {n}) SELECT n FROM s)",
}


def fill(url: str, n: int, known: Sequence[Print]) -> None:
    """
    Write *n* posts and clusters; the last clusters are those of *known* texts.

    Args:
        url: Where to; migrated, and empty.
        n: How many.
        known: Fingerprints of texts whose copies will be looked for.
    """
    bands = _bands(n, known)
    if url.startswith("postgresql"):
        _fill_postgresql(url, n, known, bands)
    else:
        _fill_sqlite(url, n, known, bands)


def _bands(n: int, known: Sequence[Print]) -> NDArray[np.int64]:
    """Return values and ids of clusters, by value, as the index has them."""
    rng = np.random.default_rng(7)
    values = rng.integers(-(2**62), 2**62, (n, N_BANDS), dtype=np.int64)
    values[: min(_N_HOT, n // 2), 0] = HOT
    if known:
        values[n - len(known) :] = [x.bands for x in known]
    ids = np.repeat(np.arange(1, n + 1), N_BANDS)
    pairs = np.stack([values.ravel(), ids], axis=1)
    return pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))]


def _signatures(n: int, known: Sequence[Print]) -> Iterator[list[tuple[int, bytes]]]:
    rng = np.random.default_rng(8)
    width = N_HASHES * 4
    n_random = n - len(known)
    for start in range(0, n_random, _CHUNK):
        block = rng.bytes(width * min(_CHUNK, n_random - start))
        yield [
            (start + i + 1, block[i * width : (i + 1) * width])
            for i in range(len(block) // width)
        ]
    yield [(n_random + i + 1, x.signature) for i, x in enumerate(known)]


def _fill_postgresql(
    url: str, n: int, known: Sequence[Print], bands: NDArray[np.int64]
) -> None:
    with psycopg.connect(url) as connection, connection.cursor() as cursor:
        cursor.execute((_POSTS + _SERIES["postgresql"].format(n=n)).encode())
        with cursor.copy(
            b"COPY clusters (id, signature, n_posts, posted_at, created_at)"
            b" FROM STDIN (FORMAT binary)"
        ) as copy:
            copy.set_types(["int8", "bytea", "int4", "timestamptz", "timestamptz"])
            for chunk in _signatures(n, known):
                for cluster_id, signature in chunk:
                    copy.write_row((cluster_id, signature, 1, _AT, _AT))
        with cursor.copy(
            b"COPY cluster_bands (value, cluster_id) FROM STDIN (FORMAT binary)"
        ) as copy:
            copy.set_types(["int8", "int8"])
            for pair in bands.tolist():
                copy.write_row(pair)
        cursor.execute(
            b"SELECT setval(pg_get_serial_sequence('clusters', 'id'), %d)" % n
        )
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(b"VACUUM ANALYZE")


def _fill_sqlite(
    url: str, n: int, known: Sequence[Print], bands: NDArray[np.int64]
) -> None:
    at = f"{_AT:%Y-%m-%d %H:%M:%S.%f}"
    connection = sqlite3.connect(url.removeprefix("sqlite:///"))
    with connection:
        connection.execute(_POSTS + _SERIES["sqlite"].format(n=n))
        for chunk in _signatures(n, known):
            connection.executemany(
                "INSERT INTO clusters (id, signature, n_posts, posted_at, created_at)"
                " VALUES (?, ?, 1, ?, ?)",
                [(*x, at, at) for x in chunk],
            )
        for start in range(0, len(bands), _CHUNK):
            connection.executemany(
                "INSERT INTO cluster_bands (value, cluster_id) VALUES (?, ?)",
                bands[start : start + _CHUNK].tolist(),
            )
    connection.close()
