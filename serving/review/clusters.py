"""Near-duplicates join the cluster of the first of them, on every replica the same."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Self

from serving.db.clusters import Clusters, StoredCluster
from serving.review.fingerprint import bands, fingerprint, resemblance
from serving.review.policy import ClusterTerms

LEAST_RESEMBLANCE = 0.7
"""
To the first post of a cluster, as estimated from signatures.

Of texts that share 0.8 the estimate is at least this in 0.998 of all cases, of texts
that share 0.6 in 0.01. In a text of 20 words one may be another, not two apart.
"""


@dataclass(frozen=True, slots=True)
class Print:
    """The fingerprint of a text, and the values that it is found by."""

    signature: bytes
    bands: tuple[int, ...]

    @classmethod
    def of(cls, text: str) -> Self | None:
        """Return that of *text*, None if it is too short to be like another."""
        signature = fingerprint(text)
        return cls(signature, bands(signature)) if signature is not None else None


@dataclass(slots=True, eq=False)
class Cluster:
    """
    Posts that are nearly the same as the first of them.

    Attributes:
        signature: Of its first post; no other is ever compared.
        posted_at: When its first post was.
        n_posts: How many there are, with those that this batch brings.
        case_id: The case that all of them belong to, if there is one.
        id: None until it is written.
        order: Newer ones have a higher one.
    """

    signature: bytes
    posted_at: datetime
    n_posts: int = 0
    case_id: str | None = None
    id: int | None = None
    order: int = 0
    bands: tuple[int, ...] = ()
    is_changed: bool = field(default=False)


class Grouping:
    """
    The clusters that the posts of one batch belong to.

    Args:
        clusters: Where they are stored.
        terms: How many posts one may have, and from how many days.
    """

    def __init__(self, clusters: Clusters, terms: ClusterTerms) -> None:
        self._clusters = clusters
        self._most_posts = terms.most_posts
        self._span = timedelta(days=terms.most_days)
        self._by_band: defaultdict[int, list[Cluster]] = defaultdict(list)
        self._alike: dict[bytes, Cluster] = {}
        self._known: dict[int, Cluster] = {}
        self._new: list[Cluster] = []

    def look_up(
        self, prints: Iterable[Print], ids: Collection[int], *, for_update: bool
    ) -> None:
        """Read all clusters that *prints* may belong to, and those of *ids*, at once."""
        values = {x for p in prints for x in p.bands}
        sharing = self._clusters.sharing(values) if values else {}
        wanted = {x for found in sharing.values() for x in found}.union(ids)
        if not wanted:
            return
        found = self._clusters.get(wanted, for_update=for_update)
        self._known = {
            x.id: Cluster(x.signature, x.posted_at, x.n_posts, x.case_id, x.id, x.id)
            for x in found
        }
        for value, band in sharing.items():
            self._by_band[value] += [self._known[x] for x in band if x in self._known]

    def adopt(self, cases: Mapping[int, str]) -> None:
        """Give the posts of clusters, by their ids, that have no case yet their *cases*."""
        self._clusters.adopt(cases)

    def get(self, cluster_id: int | None) -> Cluster | None:
        """Return a cluster that was loaded."""
        return self._known.get(cluster_id) if cluster_id is not None else None

    def find(self, print_: Print, posted_at: datetime) -> Cluster | None:
        """Return the cluster that a post belongs to, None if there is none with room."""
        alike = self._alike.get(print_.signature)
        if alike and self._has_room(alike, posted_at):
            return alike
        shared = {id(c): c for x in print_.bands for c in self._by_band.get(x, ())}
        candidates = [x for x in shared.values() if self._has_room(x, posted_at)]
        likeness = resemblance(print_.signature, [x.signature for x in candidates])
        best = max(
            zip(likeness.tolist(), candidates, strict=True),
            key=lambda x: (x[0], x[1].order),
            default=None,
        )
        return best[1] if best and best[0] >= LEAST_RESEMBLANCE else None

    def join(self, print_: Print, posted_at: datetime) -> Cluster:
        """Put a post into the cluster that it belongs to, a new one if there is none."""
        cluster = self.find(print_, posted_at) or self._make(print_, posted_at)
        cluster.n_posts += 1
        cluster.is_changed = True
        self._alike[print_.signature] = cluster
        return cluster

    def write(self, now: datetime) -> None:
        """Store what became of them; the new ones have ids then."""
        if self._new:
            stored = [_stored(x) for x in self._new]
            values = [x.bands for x in self._new]
            ids = self._clusters.add(stored, values, created_at=now)
            for cluster, cluster_id in zip(self._new, ids, strict=True):
                cluster.id = cluster_id
        self._clusters.grow(_stored(x) for x in self._known.values() if x.is_changed)

    def _has_room(self, cluster: Cluster, posted_at: datetime) -> bool:
        days = abs(posted_at - cluster.posted_at)
        return cluster.n_posts < self._most_posts and days <= self._span

    def _make(self, print_: Print, posted_at: datetime) -> Cluster:
        made = Cluster(print_.signature, posted_at, bands=print_.bands)
        made.order = (1 << 62) + len(self._new)
        self._new.append(made)
        for x in set(print_.bands):
            self._by_band[x].append(made)
        return made


def forget(clusters: Clusters, before: datetime, most: int) -> int:
    """Delete up to *most* clusters made before a moment, and return how many it was."""
    old = clusters.older(before, most)
    clusters.delete({x: bands(signature) for x, signature in old.items()})
    return len(old)


def _stored(cluster: Cluster) -> StoredCluster:
    return StoredCluster(
        cluster.id or 0,
        cluster.signature,
        cluster.n_posts,
        cluster.case_id,
        cluster.posted_at,
    )
