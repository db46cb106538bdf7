"""Which rows train, which tune and which test, so that no copy of a row crosses."""

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from training.corpora.protected_speech import NAME as PROTECTED
from training.corpora.row import Row
from training.pool import cluster

SPLIT_VERSION = 1
"""Bump on every change of assignment; figures compare only within one version."""

GROUPED = frozenset({"safesense"})
"""Corpora of which the groups, too, must not cross."""


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

    A cluster goes where the salted hash of its smallest row id falls. Before that, the
    groups of ``GROUPED`` corpora, near-duplicate names taken together, are dealt out:
    in the order of their hashes to test, then dev, while they fit, the rest to train
    (so a group larger than a share always trains). A cluster goes with its groups.

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
        at = _fraction(seed, min(_key(rows[i]) for i in cluster_rows))
        protected = [i for i in cluster_rows if rows[i].corpus == PROTECTED]
        if protected:
            home = Split.PROTECTED_DEV if at < 1 / 2 else Split.PROTECTED_TEST
            for i in protected:
                out[i] = home
            continue
        wanted = {homes[g] for i in cluster_rows if (g := _group(rows[i]))}
        if not wanted:
            wanted = {_share_at(at, shares)}
        if len(wanted) == 1:
            home = wanted.pop()
            for i in cluster_rows:
                out[i] = home
    return out


def time_split(
    rows: Sequence[Row], clusters: Clusters, *, test: float = 0.2
) -> list[Split]:
    """
    Return another split of dated rows: the latest *test* of them test, the others train.

    Much harder than a random one, and closer to use. Held out are rows without a time,
    earlier rows that share a cluster with a later one, and copies of protected speech.
    """
    times = sorted(r.time for r in rows if r.time is not None)
    if not times:
        return [Split.HELD_OUT] * len(rows)
    cut = times[min(round(len(times) * (1 - test)), len(times) - 1)]
    banned = {
        int(c) for r, c in zip(rows, clusters, strict=True) if r.corpus == PROTECTED
    }
    late = {
        int(c)
        for r, c in zip(rows, clusters, strict=True)
        if r.time is not None and r.time >= cut
    }
    return [
        _when(r.time, cut, alone=int(c) not in late, banned=int(c) in banned)
        for r, c in zip(rows, clusters, strict=True)
    ]


def digest(rows: Sequence[Row], assignment: Sequence[Split]) -> str:
    """Return what identifies an assignment, whatever the order of its rows."""
    lines = sorted(f"{_key(r)}\t{s}" for r, s in zip(rows, assignment, strict=True))
    text = "\n".join([f"split {SPLIT_VERSION}", *lines])
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"


def _deal_groups(
    rows: Sequence[Row], seed: int, shares: Mapping[Split, float]
) -> dict[tuple[str, str], Split]:
    sizes: defaultdict[tuple[str, str], int] = defaultdict(int)
    for row in rows:
        if group := _group(row):
            sizes[group] += 1
    homes: dict[tuple[str, str], Split] = {}
    for corpus in sorted({c for c, _ in sizes}):
        names = sorted(name for c, name in sizes if c == corpus)
        alike: defaultdict[int, list[tuple[str, str]]] = defaultdict(list)
        for name, c in zip(names, cluster(names), strict=True):
            alike[int(c)].append((corpus, name))
        n_rows = sum(sizes[corpus, name] for name in names)
        room = {s: shares[s] * n_rows for s in (Split.TEST, Split.DEV)}
        for groups in sorted(alike.values(), key=lambda g: _fraction(seed, str(g[0]))):
            n = sum(sizes[g] for g in groups)
            home = next((s for s in room if n <= room[s]), Split.TRAIN)
            if home in room:
                room[home] -= n
            homes.update(dict.fromkeys(groups, home))
    return homes


def _group(row: Row) -> tuple[str, str] | None:
    if row.corpus in GROUPED and row.group is not None:
        return row.corpus, row.group
    return None


def _key(row: Row) -> str:
    return f"{row.corpus}:{row.row_id}"


def _fraction(seed: int, key: str) -> float:
    """Return a number in [0, 1) that only *seed* and *key* decide."""
    hashed = hashlib.sha256(f"kiemtin-{SPLIT_VERSION}-{seed}-{key}".encode()).digest()
    return int.from_bytes(hashed[:6], "big") / 2**48


def _share_at(at: float, shares: Mapping[Split, float]) -> Split:
    end = 0.0
    for name, share in shares.items():
        end += share
        if at < end:
            return name
    return next(iter(shares))


def _when(time: datetime | None, cut: datetime, *, alone: bool, banned: bool) -> Split:
    if banned or time is None:
        return Split.HELD_OUT
    if time >= cut:
        return Split.TEST
    return Split.TRAIN if alone else Split.HELD_OUT
