"""Posts as they come to be reviewed, and reports of them: every query about that."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import Table, bindparam, func, insert, select, text, update
from sqlalchemy.orm import Session

from serving.db.tables import PostRow, ReportRow

Key = tuple[str, str, str]
"""Source, external id and revision: a post of theirs is known by it."""

_LOCK = 0x6B696E67
"""Names the advisory lock on all that comes; those below it are by stripes."""
_STRIPES = 1 << 16
_MOST_STRIPES = 128
"""Who needs more of them takes the lock on everything: PostgreSQL has few."""

_POSTS: Table = PostRow.__table__  # type: ignore[assignment]
_REPORTS: Table = ReportRow.__table__  # type: ignore[assignment]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPost:
    """A post that was not there yet."""

    id: str
    text: str
    scores: Mapping[str, float]
    recommendation: str
    model_digest: str
    policy_version: str
    created_at: datetime
    key: Key
    origin: str
    author: str | None
    text_digest: str
    language: str
    flagged: Sequence[str]
    reasons: Sequence[Mapping[str, Any]] | None
    context: Mapping[str, str] | None
    permalink: str | None
    posted_at: datetime | None
    cluster_id: int | None
    case_id: str | None


@dataclass(frozen=True, slots=True)
class KnownPost:
    """What of a post that is there already decides what a repeat of it means."""

    id: str
    text: str
    text_digest: str | None
    scores: dict[str, float]
    recommendation: str
    model_digest: str
    language: str
    flagged: list[str]
    author: str | None
    origin: str
    cluster_id: int | None
    case_id: str | None
    forgotten_at: datetime | None


@dataclass(frozen=True, slots=True)
class NewReport:
    """What a user said of a post; ``external_id`` is never given twice for one."""

    post_id: str
    external_id: str
    reason: str
    note: str | None
    reported_at: datetime


_KEY = ("source", "external_id", "revision")
_KNOWN = tuple(x.name for x in fields(KnownPost))


class Arrivals:
    """What comes to be reviewed, through one session; the caller commits."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._is_postgresql = session.get_bind().dialect.name == "postgresql"

    def lock(self, values: Iterable[int]) -> None:
        """
        Let nobody else write posts that share one of *values* until the commit.

        SQLite has one writer anyway. In PostgreSQL a few values are locked one by one,
        in an order that is everybody's; of many, all at once.
        """
        if not self._is_postgresql:
            return
        stripes = sorted({x % _STRIPES for x in values})
        if len(stripes) > _MOST_STRIPES:
            self._session.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
            return
        self._session.execute(text(f"SELECT pg_advisory_xact_lock_shared({_LOCK})"))
        self._session.execute(
            text(
                f"SELECT pg_advisory_xact_lock({_LOCK}, x) FROM"  # noqa: S608 -- a number
                " unnest(CAST(:stripes AS int[])) WITH ORDINALITY AS s(x, n) ORDER BY n"
            ),
            {"stripes": stripes},
        )

    def known(
        self, keys: Collection[Key], *, for_update: bool = False
    ) -> dict[Key, KnownPost]:
        """Return the posts that are there already, by their keys."""
        by_source = defaultdict(set)
        for source, external_id, _ in keys:
            by_source[source].add(external_id)
        wanted = set(keys)
        return {
            key: post
            for source, ids in by_source.items()
            for key, post in self._of_source(source, ids, for_update=for_update)
            if key in wanted
        }

    def add(self, posts: Sequence[NewPost]) -> None:
        """Store *posts*."""
        if posts:
            self._session.connection().execute(insert(_POSTS), [_row(x) for x in posts])

    def give_cases(self, cases: Mapping[str, str]) -> None:
        """Let posts, by their ids, belong to *cases*."""
        query = (
            update(_POSTS)
            .where(_POSTS.c.id == bindparam("key"))
            .values(case_id=bindparam("to"))
        )
        if cases:
            rows = [{"key": k, "to": v} for k, v in sorted(cases.items())]
            self._session.connection().execute(query, rows)

    def give_reasons(self, post_id: str, reasons: Sequence[Mapping[str, Any]]) -> None:
        """Keep why the model scored a post as it did, which was not known before."""
        query = update(_POSTS).where(_POSTS.c.id == post_id)
        self._session.execute(query.values(reasons=list(reasons)))

    def reported(self, post_ids: Collection[str]) -> dict[str, set[str]]:
        """Return the ids of the reports of each of these posts."""
        found = defaultdict(set)
        query = select(_REPORTS.c.post_id, _REPORTS.c.external_id, _REPORTS.c.id)
        for post_id, external_id, own in self._session.execute(
            query.where(_REPORTS.c.post_id.in_(post_ids))
        ):
            found[post_id].add(external_id or str(own))
        return found

    def add_reports(self, reports: Sequence[NewReport]) -> None:
        """Store *reports*."""
        if reports:
            rows = [
                {
                    "post_id": x.post_id,
                    "external_id": x.external_id,
                    "reason": x.reason,
                    "note": x.note,
                    "reported_at": x.reported_at,
                }
                for x in reports
            ]
            self._session.connection().execute(insert(_REPORTS), rows)

    def origins(self, case_ids: Collection[str]) -> dict[str, dict[str, int]]:
        """Return how many posts of each of these cases came from where."""
        columns = _POSTS.c
        query = (
            select(columns.case_id, columns.origin, func.count())
            .where(columns.case_id.in_(case_ids))
            .group_by(columns.case_id, columns.origin)
        )
        found: defaultdict[str, dict[str, int]] = defaultdict(dict)
        for case_id, origin, n in self._session.execute(query):
            found[case_id][origin] = n
        return found

    def n_reports(self, case_ids: Collection[str]) -> dict[str, int]:
        """Return how many reports there are of all posts of each of these cases."""
        query = (
            select(_POSTS.c.case_id, func.count())
            .join(_REPORTS, _REPORTS.c.post_id == _POSTS.c.id)
            .where(_POSTS.c.case_id.in_(case_ids))
            .group_by(_POSTS.c.case_id)
        )
        return {x.case_id: x[1] for x in self._session.execute(query)}

    def _of_source(
        self, source: str, ids: Collection[str], *, for_update: bool
    ) -> Iterable[tuple[Key, KnownPost]]:
        c = _POSTS.c
        query = select(*[c[x] for x in (*_KEY, *_KNOWN)]).where(
            c.source == source, c.external_id.in_(ids)
        )
        if for_update:
            query = query.order_by(c.id).with_for_update()
        for row in self._session.execute(query):
            key = (row.source, row.external_id, row.revision)
            yield key, KnownPost(**{x: getattr(row, x) for x in _KNOWN})


def _row(post: NewPost) -> dict[str, Any]:
    source, external_id, revision = post.key
    return {
        "id": post.id,
        "text": post.text,
        "scores": post.scores,
        "recommendation": post.recommendation,
        "model_digest": post.model_digest,
        "policy_version": post.policy_version,
        "created_at": post.created_at,
        "source": source,
        "external_id": external_id,
        "revision": revision,
        "origin": post.origin,
        "author": post.author,
        "text_digest": post.text_digest,
        "language": post.language,
        "flagged": post.flagged,
        "reasons": post.reasons,
        "context": post.context,
        "permalink": post.permalink,
        "posted_at": post.posted_at,
        "cluster_id": post.cluster_id,
        "case_id": post.case_id,
    }
