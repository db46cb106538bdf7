"""Clusters of copies, and the bands they are found by: every query about them."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter

from sqlalchemy import (
    Table,
    bindparam,
    delete,
    insert,
    select,
    text,
    tuple_,
    update,
)
from sqlalchemy.orm import Session

from serving.db.tables import BandRow, ClusterRow, PostRow

MOST_OF_A_BAND = 8
"""Of the clusters that share a band only so many are looked at, the newest."""

# A band that a thousand clusters share is read no further than its newest ones: each
# value is looked up in the index, backwards. SQLite has no LATERAL, and PostgreSQL
# would read all of the band for SQLite's form.
_FIND = {
    "postgresql": text(
        "SELECT v.value, b.cluster_id"
        " FROM unnest(CAST(:values AS bigint[])) AS v(value)"
        " CROSS JOIN LATERAL (SELECT cluster_id FROM cluster_bands"
        " WHERE value = v.value ORDER BY cluster_id DESC LIMIT :most) AS b"
    ),
    "sqlite": text(
        "SELECT v.value, b.cluster_id FROM json_each(:values) AS v"
        " JOIN cluster_bands AS b ON b.value = v.value AND b.cluster_id IN"
        " (SELECT cluster_id FROM cluster_bands WHERE value = v.value"
        " ORDER BY cluster_id DESC LIMIT :most)"
    ),
}
_ADD_BANDS = text(
    "INSERT INTO cluster_bands (value, cluster_id) SELECT * FROM"
    " unnest(CAST(:values AS bigint[]), CAST(:ids AS bigint[])) ON CONFLICT DO NOTHING"
)
_BANDS: Table = BandRow.__table__  # type: ignore[assignment]
_CLUSTERS: Table = ClusterRow.__table__  # type: ignore[assignment]


@dataclass(frozen=True, slots=True)
class StoredCluster:
    """A cluster as it was stored."""

    id: int
    signature: bytes
    n_posts: int
    case_id: str | None
    posted_at: datetime


class Clusters:
    """The clusters of one session; the caller commits."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._dialect = session.get_bind().dialect.name

    def sharing(self, values: Collection[int]) -> dict[int, list[int]]:
        """Return the ids of the newest clusters with each of *values*, newest first."""
        listed = list(values)
        parameter = listed if self._dialect == "postgresql" else json.dumps(listed)
        rows = self._session.execute(
            _FIND[self._dialect], {"values": parameter, "most": MOST_OF_A_BAND}
        )
        found = defaultdict(list)
        for value, cluster_id in rows:
            found[value].append(cluster_id)
        return {value: sorted(ids, reverse=True) for value, ids in found.items()}

    def get(
        self, ids: Collection[int], *, for_update: bool = False
    ) -> list[StoredCluster]:
        """Return clusters by their ids."""
        c = _CLUSTERS.c
        query = (
            select(c.id, c.signature, c.n_posts, c.case_id, c.posted_at)
            .where(c.id.in_(ids))
            .order_by(c.id)
        )
        if for_update:
            query = query.with_for_update()
        return [StoredCluster(*x) for x in self._session.execute(query)]

    def add(
        self,
        new: Sequence[StoredCluster],
        bands: Sequence[Sequence[int]],
        *,
        created_at: datetime,
    ) -> list[int]:
        """
        Store *new* clusters, and return their ids.

        Args:
            new: What they are; their ids are not looked at.
            bands: The values under which each is found.
            created_at: When.
        """
        rows = [
            {
                "signature": x.signature,
                "n_posts": x.n_posts,
                "case_id": x.case_id,
                "posted_at": x.posted_at,
                "created_at": created_at,
            }
            for x in new
        ]
        query = insert(_CLUSTERS).returning(
            _CLUSTERS.c.id, sort_by_parameter_order=True
        )
        ids = list(self._session.scalars(query, rows))
        # A value may stand for two bands of one cluster, were it ever so unlikely.
        pairs = {
            (value, cluster_id)
            for cluster_id, values in zip(ids, bands, strict=True)
            for value in values
        }
        self._add_bands(sorted(pairs))
        return ids

    def grow(self, changed: Iterable[StoredCluster]) -> None:
        """Write the number of posts and the case of clusters that are there already."""
        rows = [
            {"key": x.id, "n_posts": x.n_posts, "case_id": x.case_id}
            for x in sorted(changed, key=attrgetter("id"))
        ]
        if rows:
            query = update(_CLUSTERS).where(_CLUSTERS.c.id == bindparam("key"))
            self._session.connection().execute(query, rows)

    def adopt(self, cases: Mapping[int, str]) -> None:
        """Give the posts of clusters, by their ids, that have no case yet their *cases*."""
        posts: Table = PostRow.__table__  # type: ignore[assignment]
        query = (
            update(posts)
            .where(
                posts.c.cluster_id == bindparam("key"),
                posts.c.case_id.is_(None),
                posts.c.forgotten_at.is_(None),
            )
            .values(case_id=bindparam("to"))
        )
        rows = [{"key": k, "to": v} for k, v in cases.items()]
        self._session.connection().execute(query, rows)

    def older(self, before: datetime, most: int) -> dict[int, bytes]:
        """Return the signatures of up to *most* clusters made before a moment."""
        query = (
            select(ClusterRow.id, ClusterRow.signature)
            .where(ClusterRow.created_at < before)
            .order_by(ClusterRow.created_at)
            .limit(most)
        )
        return {x.id: x.signature for x in self._session.execute(query)}

    def delete(self, bands: Mapping[int, Sequence[int]]) -> None:
        """Delete clusters, by their ids, with the *bands* they are found by."""
        pairs = [(v, k) for k, values in bands.items() for v in values]
        if not pairs:
            return
        key = tuple_(_BANDS.c.value, _BANDS.c.cluster_id)
        self._session.execute(delete(_BANDS).where(key.in_(pairs)))
        self._session.execute(delete(_CLUSTERS).where(_CLUSTERS.c.id.in_(bands)))

    def _add_bands(self, pairs: Sequence[tuple[int, int]]) -> None:
        if self._dialect == "postgresql":
            values, ids = zip(*pairs, strict=True)
            self._session.execute(
                _ADD_BANDS, {"values": list(values), "ids": list(ids)}
            )
            return
        query = insert(_BANDS)
        self._session.connection().execute(
            query, [{"value": value, "cluster_id": x} for value, x in pairs]
        )
