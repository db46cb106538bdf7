"""What retention forgets: texts and whose they were; what was decided stays."""

from datetime import datetime

from serving.db import Work
from serving.db.clusters import Clusters
from serving.db.forgetting import Forgetting
from serving.review.clusters import forget as forget_clusters

AT_ONCE = 500
"""Rows that one transaction forgets: nobody waits for it for long."""


def forget_unreviewed(work: Work, before: datetime) -> int:
    """Delete posts in no case older than a moment; return how many of them it was."""
    n = Forgetting(work.session).delete_unreviewed(before, AT_ONCE)
    _note(work, n)
    return n


def forget_reviewed(work: Work, before: datetime) -> int:
    """
    Empty posts in cases older than a moment; return how many of them it was.

    An open case is about a younger copy from then on. If there is none nobody can decide
    it any more: it is closed without a decision.
    """
    forgetting = Forgetting(work.session)
    n, case_ids = forgetting.empty_reviewed(before, AT_ONCE, work.now)
    bare = forgetting.without_text(case_ids)
    forgetting.forget_author(bare)
    for case_id, copy in bare.items():
        if copy is not None:
            forgetting.show_instead(case_id, copy)
        elif forgetting.close(case_id, work.now):
            work.note("case.forget", case_id)
    _note(work, n)
    return n


def forget_signatures(work: Work, before: datetime) -> int:
    """Delete clusters older than a moment; return how many of them it was."""
    return forget_clusters(Clusters(work.session), before, AT_ONCE)


def _note(work: Work, n: int) -> None:
    if n:
        work.note("posts.forget", "posts", n=n)
