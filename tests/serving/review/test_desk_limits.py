"""The desk: what a person is not served."""

from datetime import timedelta
from functools import partial

import pytest

from serving.db import Database, Preferences
from serving.errors import (
    ExposureSpentError,
    NotFoundError,
)
from serving.review.desk import Desk
from tests.fixtures.cases import AN, CHI, NOW, open_cases, quiet_policy
from tests.fixtures.desks import POLICY, at_desk, maybe_at_desk

LATER = timedelta(seconds=POLICY.lease.seconds)
SECOND = timedelta(seconds=1)


def test_queues_are_kept_apart(migrated: Database) -> None:
    """A reviewer of one queue neither gets nor finds a case of another."""
    scam = open_cases(migrated, 1, queue="scam", rank=9.0)[0]
    abuse = open_cases(migrated, 1, queue="abuse")[0]

    assert at_desk(migrated, lambda d: d.next(CHI)).case_id == abuse.id
    for act in (
        lambda d: d.next(CHI, ["scam"]),
        lambda d: d.next(AN, ["none"]),
        lambda d: d.claim(CHI, scam.id),
        lambda d: d.claim(AN, "case_none"),
        lambda d: d.claim(AN, "case_\0"),
        lambda d: d.comment(CHI, scam.id, "x"),
    ):
        with pytest.raises(NotFoundError):
            maybe_at_desk(migrated, act)


def test_only_the_queues_that_were_asked_for(migrated: Database) -> None:
    """Who names queues gets nothing of others, though they may see them."""
    open_cases(migrated, 1, queue="scam", rank=9.0)
    abuse = open_cases(migrated, 1, queue="abuse")[0]

    lease = at_desk(migrated, lambda d: d.next(AN, ["abuse", "other"]))

    assert lease.case_id == abuse.id


def test_a_queue_that_the_policy_forgot(migrated: Database) -> None:
    """What waits in a queue that is no more is still served."""
    case = open_cases(migrated, 1, queue="old")[0]

    lease = at_desk(migrated, lambda d: d.next(AN, ["old"]))

    assert lease.case_id == case.id


def test_a_budget_of_exposure(migrated: Database) -> None:
    """Who wants to see two posts a day is not given a third before midnight."""
    cases = open_cases(migrated, 3)
    with migrated.work("rev_actor", now=NOW) as work:
        Preferences(work.session).set(AN.person, {"budget": 2})
        work.commit()
    for case in cases[:2]:
        token = at_desk(migrated, lambda d: d.next(AN)).token
        skip = partial(_skip, case_id=case.id, token=token)
        maybe_at_desk(migrated, skip)

    for act in (lambda d: d.next(AN), lambda d: d.claim(AN, cases[2].id)):
        with pytest.raises(ExposureSpentError):
            maybe_at_desk(migrated, act, timedelta(hours=11))
    lease = at_desk(migrated, lambda d: d.next(AN), timedelta(hours=12))
    assert lease.case_id == cases[2].id


def test_one_author_is_not_served_all_day(migrated: Database) -> None:
    """After so many cases of one author come those of others; the limit ends at midnight."""
    policy = quiet_policy(
        lease=POLICY.lease.model_copy(update={"author_most_a_day": 2})
    )
    open_cases(migrated, 4, author="a" * 64)
    other = open_cases(migrated, 1, rank=-1.0)[0]

    def serve(after: timedelta) -> str:
        with migrated.work(AN.person, now=NOW + after) as work:
            lease = Desk(work, policy).next(AN)
            assert lease
            Desk(work, policy).skip(AN, lease.case_id, lease.token, "too_close")
            work.commit()
        return lease.case_id

    served = [serve(timedelta()) for _ in range(3)]

    assert served[2] == other.id
    assert serve(timedelta(hours=13)) not in served


def _skip(desk: Desk, case_id: str, token: int) -> None:
    desk.skip(AN, case_id, token, "too_close")
