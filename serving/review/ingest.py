"""
Posts come in: known ones are recognized, copies join their case, others open one.

``ingest`` does all of it in one unit of work. Its steps are there for those who score
in between: ``prepare`` needs no database, ``unscored`` says what must be scored,
``opened`` which posts a person will look at, so that the model can say why.
"""

import random
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from hashlib import blake2b

from kiemtin.errors import KiemtinError
from serving.db import Session
from serving.db.arrivals import Arrivals, Key
from serving.db.clusters import Clusters
from serving.db.work import Work
from serving.keyed import Keyed
from serving.review.arriving import Plan
from serving.review.clusters import Grouping
from serving.review.drafts import (
    Accepted,
    Draft,
    Judged,
    Prepared,
    Result,
    prepare,
)
from serving.review.opening import Opener
from serving.review.policy import ReviewPolicy
from serving.review.storing import store

Draw = Callable[[], float]

draw: Draw = random.SystemRandom().random
"""A number from 0 to 1 that nobody can foresee."""


def ingest(
    work: Work,
    policy: ReviewPolicy,
    keyed: Keyed,
    drafts: Sequence[Draft],
    scored: Sequence[Judged | KiemtinError | None],
    *,
    draw: Draw = draw,
) -> list[Result]:
    """
    Store *drafts*, and return what became of each; the caller commits.

    Args:
        work: The unit of work that they come in with.
        policy: The review policy.
        keyed: Makes pseudonyms of authors and digests of texts.
        drafts: Posts; those whose key is known change nothing but their reports.
        scored: What the model said of each, or why it said nothing; None for one that
            need not be scored, because it is there already.
        draw: Returns a number from 0 to 1.
    """
    return write(work, policy, prepare(keyed, drafts, draw), scored, draw=draw)


def write(
    work: Work,
    policy: ReviewPolicy,
    prepared: Sequence[Prepared],
    scored: Sequence[Judged | KiemtinError | None],
    *,
    draw: Draw = draw,
) -> list[Result]:
    """Do what ``ingest`` does with drafts that were prepared before."""
    arrivals = Arrivals(work.session)
    arrivals.lock({x for y in prepared for x in _lock_values(y)})
    plan = _plan(work.session, Opener(policy, work.now), draw)
    plan.read(arrivals, prepared, for_update=True)
    results = [plan.take(x, y) for x, y in zip(prepared, scored, strict=True)]
    return store(work, plan, results)


def unscored(session: Session, prepared: Sequence[Prepared]) -> list[int]:
    """Return which of *prepared* must be scored: not what is known, nor twice the same."""
    known = Arrivals(session).known({x.draft.key for x in prepared})
    seen: set[tuple[Key, str]] = set()
    found = []
    for i, x in enumerate(prepared):
        same = (x.draft.key, x.draft.text)
        if x.draft.key not in known and same not in seen:
            seen.add(same)
            found.append(i)
    return found


def opened(
    session: Session,
    policy: ReviewPolicy,
    prepared: Sequence[Prepared],
    scored: Sequence[Judged | KiemtinError | None],
) -> list[int]:
    """Return which of *prepared* would open a case now; nothing is written."""
    opener = Opener(policy, datetime.now(UTC))
    some = [
        i
        for i, (x, judged) in enumerate(zip(prepared, scored, strict=True))
        if _may_open(opener, x, judged)
    ]
    if not some:
        return []
    plan = _plan(session, opener, draw)
    plan.read(Arrivals(session), [prepared[i] for i in some], for_update=False)
    results = [plan.take(prepared[i], scored[i]) for i in some]
    return [
        i
        for i, x in zip(some, results, strict=True)
        if isinstance(x, Accepted) and x.opened
    ]


def _may_open(
    opener: Opener, prepared: Prepared, judged: Judged | KiemtinError | None
) -> bool:
    if isinstance(judged, KiemtinError):
        return False
    if judged is None:
        # It is there already: who reports it, or asks for it, may open a case yet.
        return bool(prepared.draft.reports) or opener.has_reason(
            (), 0, prepared.draft.origin
        )
    n_reports = len(prepared.draft.reports)
    return opener.is_drawn(prepared.chance) or opener.has_reason(
        judged.flagged, n_reports, prepared.draft.origin
    )


def _plan(session: Session, opener: Opener, draw: Draw) -> Plan:
    grouping = Grouping(Clusters(session), opener.policy.cluster)
    return Plan(opener, grouping, draw)


def _lock_values(prepared: Prepared) -> list[int]:
    """Return what nobody else may write at the same time: its key, and its likes."""
    key = blake2b("\0".join(prepared.draft.key).encode(), digest_size=8).digest()
    found = [int.from_bytes(key, "little")]
    return found + list(prepared.print.bands if prepared.print else ())
