"""Which rows train, which tune and which test, so that no copy of a row crosses."""

import hashlib
from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from enum import StrEnum
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray

from training.corpora import CORPORA, Head, Row
from training.pool import cluster

SPLIT_VERSION = 2
"""Bump on every change of assignment; figures compare only within one version."""

GROUPED: Mapping[str, str] = {
    "safesense": "title",
    "victsd": "title",
    "vifactcheck": "url",
    "visnli": "premise",
}
"""Corpora with a group, by kind, that must not cross either."""

DATED = frozenset({"reintel"})
"""Corpora that are also split by time."""


class Split(StrEnum):
    """What a row is for."""

    TRAIN = "train"
    DEV = "dev"
    TEST = "test"
    HELD_OUT = "held_out"
    """For nothing: it is a copy of protected speech, or would tie two splits together."""
    PROTECTED_DEV = "protected_dev"
    PROTECTED_TEST = "protected_test"


SHARES: Mapping[Split, float] = {Split.TRAIN: 0.8, Split.DEV: 0.1, Split.TEST: 0.1}
TIME_SHARES: Mapping[Split, float] = {
    Split.TRAIN: 0.7,
    Split.DEV: 0.1,
    Split.TEST: 0.2,
}

Clusters = Sequence[int] | NDArray[np.int64]


def split(
    rows: Sequence[Row],
    clusters: Clusters,
    *,
    seed: int,
    shares: Mapping[Split, float] = SHARES,
) -> list[Split]:
    """
    Return the split of each row; the order of the rows does not matter.

    A cluster goes where the salted hash of its name falls. Before that, the groups of
    ``GROUPED`` corpora, near-duplicate names taken together, are dealt out: in the
    order of their hashes to test, then dev, while they fit, the rest to train (so a
    group larger than a share always trains). A cluster goes with its groups.

    Comments such as "hay quá" stand in several groups, and to join groups through them
    would make one of nearly all. Such a cluster is held out where its groups part.
    So is a cluster that holds protected speech, all but the protected rows.
    """
    homes = _deal_groups(rows, seed, shares)
    members: defaultdict[int, list[int]] = defaultdict(list)
    for i, c in enumerate(clusters):
        members[int(c)].append(i)

    out = [Split.HELD_OUT] * len(rows)
    for cluster_rows in members.values():
        at = _fraction(seed, min(_age(rows[i]) for i in cluster_rows)[1])
        protected = [i for i in cluster_rows if rows[i].head is Head.PROTECTED]
        if protected:
            home = Split.PROTECTED_DEV if at < 1 / 2 else Split.PROTECTED_TEST
            for i in protected:
                out[i] = home
            continue
        wanted = {homes[g] for i in cluster_rows if (g := group_of(rows[i]))}
        if not wanted:
            wanted = {_share_at(at, shares)}
        if len(wanted) == 1:
            home = wanted.pop()
            for i in cluster_rows:
                out[i] = home
    return out


def time_split(
    rows: Sequence[Row],
    clusters: Clusters,
    *,
    shares: Mapping[Split, float] = TIME_SHARES,
) -> list[Split | None]:
    """
    Return another split of rows of ``DATED`` corpora, None for the others.

    The earliest of them train and the latest test, as it is in use, which is much
    harder than any random split. Held out are rows without a time, rows with a copy
    in a later split, and copies of protected speech.
    """
    dated = [i for i, r in enumerate(rows) if r.corpus in DATED and r.time]
    order = sorted(dated, key=lambda i: (rows[i].time, rows[i].key))
    periods = list(shares)
    ends = np.cumsum(list(shares.values())) * len(order)
    period = {i: int(np.searchsorted(ends, n + 0.5)) for n, i in enumerate(order)}
    last: defaultdict[int, int] = defaultdict(lambda: -1)
    banned = set()
    for i, (row, c) in enumerate(zip(rows, clusters, strict=True)):
        last[int(c)] = max(last[int(c)], period.get(i, -1))
        if row.head is Head.PROTECTED:
            banned.add(int(c))
    out: list[Split | None] = [
        Split.HELD_OUT if r.corpus in DATED else None for r in rows
    ]
    for i, p in period.items():
        c = int(clusters[i])
        if c not in banned and last[c] == p:
            out[i] = periods[p]
    return out


def group_of(row: Row) -> tuple[str, str] | None:
    """Return the corpus and name of the group that *row* must not be split from."""
    kind = GROUPED.get(row.corpus)
    if kind is None or kind not in row.groups:
        return None
    return row.corpus, row.groups[kind]


def digest(rows: Sequence[Row], *assignments: Sequence[Split | None]) -> str:
    """Return what identifies *assignments*, whatever the order of the rows."""
    lines = sorted(
        "\t".join([r.key, *(s or "" for s in found)])
        for r, *found in zip(rows, *assignments, strict=True)
    )
    text = "\n".join([f"split {SPLIT_VERSION}", *lines])
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"


def _deal_groups(
    rows: Sequence[Row], seed: int, shares: Mapping[Split, float]
) -> dict[tuple[str, str], Split]:
    sizes: defaultdict[tuple[str, str], int] = defaultdict(int)
    for row in rows:
        if group := group_of(row):
            sizes[group] += 1
    homes: dict[tuple[str, str], Split] = {}
    for corpus in sorted({c for c, _ in sizes}):
        names = sorted(name for c, name in sizes if c == corpus)
        alike: defaultdict[Hashable, list[tuple[str, str]]] = defaultdict(list)
        for name, same in zip(names, _alike(GROUPED[corpus], names), strict=True):
            alike[same].append((corpus, name))
        n_rows = sum(sizes[corpus, name] for name in names)
        room = {s: shares[s] * n_rows for s in (Split.TEST, Split.DEV)}
        for groups in sorted(alike.values(), key=lambda g: _fraction(seed, str(g[0]))):
            n = sum(sizes[g] for g in groups)
            home = next((s for s in room if n <= room[s]), Split.TRAIN)
            if home in room:
                room[home] -= n
            homes.update(dict.fromkeys(groups, home))
    return homes


def _alike(kind: str, names: list[str]) -> Sequence[Hashable]:
    """Return for each of *names* what it has in common with its other spellings."""
    if kind != "url":
        return list(map(int, cluster(names)))
    parts = [urlsplit(name) for name in names]
    return [(p.netloc.lower().removeprefix("www."), p.path.rstrip("/")) for p in parts]


_ORDER = {name: i for i, name in enumerate(CORPORA)}


def _age(row: Row) -> tuple[int, str]:
    """
    Return what orders the rows of a cluster; the first gives the cluster its name.

    A row of the corpus that was here first comes first, so that a corpus that is
    added later hardly moves the rows that were there before.
    """
    return _ORDER.get(row.corpus, len(_ORDER)), row.key


def _fraction(seed: int, key: str) -> float:
    """Return a number in [0, 1) that only *seed* and *key* decide."""
    hashed = hashlib.sha256(f"kiemtin-1-{seed}-{key}".encode()).digest()
    return int.from_bytes(hashed[:6], "big") / 2**48


def _share_at(at: float, shares: Mapping[Split, float]) -> Split:
    end = 0.0
    for name, share in shares.items():
        end += share
        if at < end:
            return name
    return next(iter(shares))
