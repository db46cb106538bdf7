"""Which texts of all corpora are nearly the same, and what to do where labels differ."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from kiemtin.text import normalize
from kiemtin.text.syllables import strip_marks
from training.corpora.row import Row

SHINGLE_CHARS = 5
MIN_WORDS = 5
"""Shorter texts are alike only if they are equal: short texts match everything."""

_BANDS, _BAND_ROWS = 25, 5
"""A pair of Jaccard similarity 0.8 shares a band with probability 0.9999."""

_CHUNK_PAIRS = 20_000

Ints = NDArray[np.int64]


def text_key(text: str) -> str:
    """Return *text* as it is compared: a copy without case or diacritics is a copy."""
    return strip_marks(normalize(text).text.lower())


def cluster(texts: Sequence[str], *, threshold: float = 0.8, seed: int = 0) -> Ints:
    """
    Return the cluster of each text: the smallest index of a text in it.

    Texts are alike if the sets of 5-grams of their keys have at least *threshold* of
    their union in common (Jaccard). Candidates come from MinHash bands (Broder 1997;
    Leskovec et al., Mining of Massive Datasets, ch. 3), and each is verified. Clusters
    are the components of that relation: a chain may join texts that are not alike,
    which costs a split nothing and keeps copies of copies together.
    """
    keys = [text_key(t) for t in texts]
    first: dict[str, int] = {}
    canonical = np.array(
        [first.setdefault(k, i) for i, k in enumerate(keys)], dtype=np.int64
    )
    long = [i for k, i in first.items() if len(k.split()) >= MIN_WORDS]
    parents = np.arange(len(texts), dtype=np.int64)
    if len(long) > 1:
        _join_alike([keys[i] for i in long], np.array(long), parents, threshold, seed)
    roots = np.array([_root(parents, i) for i in range(len(texts))], dtype=np.int64)
    return roots[canonical] if len(texts) else canonical


@dataclass(frozen=True, slots=True)
class Resolved:
    """
    Rows to train on, without those whose labels contradict one another.

    Attributes:
        rows: What is left, in order, with the labels that won.
        kept: The index of each in what was given.
        n_relabelled: How many got the class of the majority.
        n_dropped: How many were dropped because there was no majority.
    """

    rows: list[Row]
    kept: list[int]
    n_relabelled: int
    n_dropped: int


def resolve_conflicts(rows: Sequence[Row], groups: Sequence[int] | Ints) -> Resolved:
    """
    Settle rows of one corpus and one group that have different classes.

    The class that most of them have wins; if two have as many, all rows of the group
    in that corpus are dropped. Corpora are never set against one another: they do not
    mean the same by a class. For rows to train on only; a test set keeps its noise.

    Args:
        rows: Of any corpora.
        groups: The group of each row: ``cluster``, or ``equal_texts`` where a small
            difference may rightly change the class.
    """
    votes: defaultdict[tuple[str, int], Counter[str]] = defaultdict(Counter)
    examples: dict[tuple[str, str], Row] = {}
    keys = [(r.corpus, int(g)) for r, g in zip(rows, groups, strict=True)]
    for row, key in zip(rows, keys, strict=True):
        votes[key][row.source_label] += 1
        examples.setdefault((row.corpus, row.source_label), row)

    out: list[Row] = []
    kept: list[int] = []
    n_relabelled = 0
    for i, (row, key) in enumerate(zip(rows, keys, strict=True)):
        winner, *others = votes[key].most_common(2)
        if others and others[0][1] == winner[1]:
            continue
        if row.source_label != winner[0]:
            labels = examples[row.corpus, winner[0]].labels
            out.append(replace(row, labels=dict(labels), source_label=winner[0]))
            n_relabelled += 1
        else:
            out.append(row)
        kept.append(i)
    return Resolved(out, kept, n_relabelled, len(rows) - len(kept))


def equal_texts(texts: Sequence[str]) -> Ints:
    """Return for each text the first index of one that is normalized to the same."""
    first: dict[str, int] = {}
    return np.array(
        [first.setdefault(normalize(t).text.lower(), i) for i, t in enumerate(texts)],
        dtype=np.int64,
    )


def _join_alike(
    keys: list[str], indices: Ints, parents: Ints, threshold: float, seed: int
) -> None:
    """Join in *parents* the *indices* whose *keys* are alike."""
    shingles, starts = _shingles(keys)
    sizes = np.diff(starts)
    n_ids = int(shingles.max()) + 1
    members = shingles + np.repeat(np.arange(len(keys)), sizes) * n_ids

    def alike(a: Ints, b: Ints) -> NDArray[np.bool_]:
        few, many = np.where(sizes[a] <= sizes[b], (a, b), (b, a))
        offsets = np.concatenate([[0], np.cumsum(sizes[few])[:-1]])
        at = np.arange(sizes[few].sum()) + np.repeat(starts[few] - offsets, sizes[few])
        wanted = shingles[at] + np.repeat(many, sizes[few]) * n_ids
        found = np.searchsorted(members, wanted).clip(max=len(members) - 1)
        common = np.add.reduceat((members[found] == wanted).astype(np.int64), offsets)
        return np.asarray(common >= threshold * (sizes[a] + sizes[b] - common))

    for bands in _bands(shingles, starts, seed):
        for a, b in _pairs(bands):
            small, large = (
                np.minimum(sizes[a], sizes[b]),
                np.maximum(sizes[a], sizes[b]),
            )
            apart = parents[indices[a]] != parents[indices[b]]
            maybe = apart & (small >= threshold * large)
            a_left, b_left = a[maybe], b[maybe]
            if not len(a_left):
                continue
            ok = alike(a_left, b_left)
            for i, j in zip(indices[a_left[ok]], indices[b_left[ok]], strict=True):
                _join(parents, int(i), int(j))
        for i in indices:
            parents[i] = _root(parents, int(i))


def _shingles(keys: list[str]) -> tuple[Ints, Ints]:
    """Return sorted distinct shingle numbers of all keys, and where each key's begin."""
    padded = [k.ljust(SHINGLE_CHARS) for k in keys]
    points = np.frombuffer("".join(padded).encode("utf-32-le"), dtype=np.uint32)
    lengths = np.array([len(k) for k in padded])
    hashes = np.zeros(len(points) - SHINGLE_CHARS + 1, dtype=np.uint64)
    for i in range(SHINGLE_CHARS):
        hashes = hashes * np.uint64(0x100000001B3) + points[i : len(hashes) + i]
    ends = np.cumsum(lengths)
    inside = np.ones(len(hashes), dtype=bool)
    for i in range(1, SHINGLE_CHARS):  # those that reach into the next text
        inside[ends[:-1] - i] = False
    owner = np.repeat(np.arange(len(keys)), lengths - SHINGLE_CHARS + 1)
    ids = np.unique(hashes[inside], return_inverse=True)[1].astype(np.int64)
    n_ids = int(ids.max()) + 1
    distinct = np.unique(owner * n_ids + ids)
    counts = np.bincount(distinct // n_ids, minlength=len(keys))
    starts = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    return distinct % n_ids, starts


def _bands(shingles: Ints, starts: Ints, seed: int) -> Iterator[NDArray[np.uint64]]:
    """Yield for each band a hash of each text; texts with equal hashes are candidates."""
    rng = np.random.default_rng(seed)
    values = rng.integers(1 << 63, size=int(shingles.max()) + 1, dtype=np.uint64)
    values = values[shingles]
    for _ in range(_BANDS):
        band = np.zeros(len(starts) - 1, dtype=np.uint64)
        for _ in range(_BAND_ROWS):
            odd = rng.integers(1 << 62, dtype=np.uint64) * np.uint64(2) + np.uint64(1)
            lowest = np.minimum.reduceat((values * odd) >> np.uint64(16), starts[:-1])
            band = band * np.uint64(0x9E3779B97F4A7C15) + lowest
        yield band


def _pairs(band: NDArray[np.uint64]) -> Iterator[tuple[Ints, Ints]]:
    """Yield all pairs of texts with equal hashes, the first against the rest first."""
    order = np.argsort(band, kind="stable")
    edges = np.flatnonzero(np.diff(band[order])) + 1
    groups = [g for g in np.split(order, edges) if len(g) > 1]
    left: list[Ints] = []
    right: list[Ints] = []
    waiting = 0
    for group in groups:
        for k in range(len(group) - 1):
            left.append(np.full(len(group) - k - 1, group[k]))
            right.append(group[k + 1 :])
            waiting += len(group) - k - 1
            if waiting >= _CHUNK_PAIRS:
                yield np.concatenate(left), np.concatenate(right)
                left, right, waiting = [], [], 0
    if waiting:
        yield np.concatenate(left), np.concatenate(right)


def _root(parents: Ints, i: int) -> int:
    while parents[i] != i:
        parents[i] = parents[parents[i]]
        i = int(parents[i])
    return i


def _join(parents: Ints, i: int, j: int) -> None:
    a, b = _root(parents, i), _root(parents, j)
    parents[max(a, b)] = min(a, b)
