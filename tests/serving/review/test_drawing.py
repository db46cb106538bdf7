"""How cases are drawn: by rank, at random, as golden items, blind."""

from collections import Counter
from dataclasses import fields
from datetime import timedelta
from random import Random

import pytest

from serving.db import Case, Cases, Database, Leases
from serving.review.desk import Desk, Lease
from serving.review.people import Reviewer
from serving.review.policy import ReviewPolicy
from tests.fixtures.cases import (
    AN,
    BINH,
    CHI,
    NOW,
    SCORES,
    TEXT,
    add_golden,
    open_cases,
    quiet_policy,
)

_GOLDEN = quiet_policy(golden=1)


def _draw(
    database: Database, policy: ReviewPolicy, who: Reviewer = AN, seed: int = 1
) -> Lease | None:
    with database.work(who.person, now=NOW) as work:
        lease = Desk(work, policy, Random(seed)).next(who)
        work.commit()
    return lease


def _put_back(database: Database, who: Reviewer, lease: Lease) -> None:
    with database.work(who.person, now=NOW) as work:
        Desk(work, _GOLDEN).release(who, lease.case_id, lease.token)
        work.commit()


def _case(database: Database, case_id: str) -> Case:
    with database.session() as session:
        case = Cases(session).get(case_id, None)
    assert case
    return case


def test_a_share_is_drawn_at_random(migrated: Database) -> None:
    """As many as the policy says come without regard to rank, and each says how it came."""
    open_cases(migrated, 200)
    policy = quiet_policy(random=0.25)
    chance = Random(7)
    drawn = Counter[str]()
    for n in range(80):
        who = Reviewer(f"rev_{n}", None, is_lead=False)
        with migrated.work(who.person, now=NOW) as work:
            lease = Desk(work, policy, chance).next(who)
            work.commit()
        assert lease
        drawn[lease.drawn] += 1

    assert set(drawn) == {"priority", "random"}
    assert 10 <= drawn["random"] <= 32


def test_random_is_the_next_number_and_around(migrated: Database) -> None:
    """The case whose number follows the one drawn is served; after the last, the first."""
    policy = quiet_policy(random=1)
    low, middle, high = (
        open_cases(migrated, 1, chance=x, queue=q, rank=r)[0]
        for x, q, r in ((0.1, "scam", 3.0), (0.5, "abuse", 1.0), (0.8, "other", 2.0))
    )

    class Fixed(Random):
        """Draws one number, whenever it is asked."""

        def __init__(self, number: float) -> None:
            super().__init__(0)
            self._number = number

        def random(self) -> float:
            return self._number

    def draw(number: float) -> str:
        with migrated.work(AN.person, now=NOW) as work:  # not committed
            lease = Desk(work, policy, Fixed(number)).next(AN)
        assert lease
        assert lease.drawn == "random"
        return lease.case_id

    assert [draw(x) for x in (0.05, 0.3, 0.7, 0.9)] == [
        low.id,
        middle.id,
        high.id,
        low.id,
    ]


def test_golden_items_look_like_any_other(migrated: Database) -> None:
    """A golden item becomes a case of its own, with every column a case has."""
    real = open_cases(migrated, 1)[0]
    with migrated.work("rev_lead", now=NOW) as work:
        golden_id = add_golden(work.session)
        work.commit()

    lease = _draw(migrated, _GOLDEN)

    assert lease
    assert lease.drawn == "golden"
    made = _case(migrated, lease.case_id)
    assert (made.golden_id, made.holder, made.state) == (golden_id, AN.person, "open")
    same = {
        "state",
        "stage",
        "queue",
        "label",
        "flagged",
        "language",
        "origin",
        "clocks",
    }
    for name in same | {"origins", "n_posts", "n_reports", "is_audit", "author"}:
        assert getattr(made, name) == getattr(real, name)
    assert {type(getattr(made, x.name)) for x in fields(Case) if x.name in same} == {
        type(getattr(real, x)) for x in same
    }
    assert made.priority.keys() == real.priority.keys()
    assert made.created_at < NOW < made.deadline_at
    assert made.priority["probability"] == SCORES["scam"]


def test_a_golden_item_is_for_one_person(migrated: Database) -> None:
    """Others neither find its case nor are served it, even when it was put back."""
    with migrated.work("rev_lead", now=NOW) as work:
        add_golden(work.session, text=TEXT)
        work.commit()
    lease = _draw(migrated, _GOLDEN)
    assert lease
    _put_back(migrated, AN, lease)

    assert _draw(migrated, quiet_policy(), BINH) is None
    assert _draw(migrated, quiet_policy(), AN) is None
    with migrated.session() as session:
        cases = Cases(session)
        assert cases.get(lease.case_id, None, BINH.person) is None
        assert cases.get(lease.case_id, None, AN.person)
    again = _draw(migrated, _GOLDEN, AN)
    assert again
    assert (again.case_id, again.token) == (lease.case_id, 2)


@pytest.mark.parametrize("act", ["decided", "skipped"])
def test_a_golden_item_is_answered_once(migrated: Database, act: str) -> None:
    """Who answered or skipped one is served it no more; others are."""
    with migrated.work("rev_lead", now=NOW) as work:
        add_golden(work.session)
        add_golden(work.session, queue="other", retired_at=NOW)
        work.commit()
    lease = _draw(migrated, _GOLDEN)
    assert lease
    with migrated.work(AN.person, now=NOW) as work:
        cases = Cases(work.session)
        Leases(work.session).end(lease.case_id, lease.token, act, NOW)
        state = "decided" if act == "decided" else "open"
        case = cases.lock(lease.case_id)
        cases.change(case, state=state, holder=None, lease_ends_at=None)
        work.commit()

    assert _draw(migrated, _GOLDEN, AN) is None
    assert _draw(migrated, _GOLDEN, BINH)


def test_golden_items_of_other_queues(migrated: Database) -> None:
    """A golden item is served to those who work in its queue."""
    with migrated.work("rev_lead", now=NOW) as work:
        add_golden(work.session, queue="scam")
        work.commit()

    assert _draw(migrated, _GOLDEN, CHI) is None
    assert _draw(migrated, _GOLDEN, AN)


def test_a_share_is_blind(migrated: Database) -> None:
    """Whether scores are hidden is drawn for each lease, and stays with it."""
    open_cases(migrated, 60)
    policy = quiet_policy(blind=0.5)
    chance = Random(3)
    blind = []
    for n in range(60):
        who = Reviewer(f"rev_{n}", None, is_lead=False)
        with migrated.work(who.person, now=NOW) as work:
            lease = Desk(work, policy, chance).next(who)
            assert lease
            later = Desk(work, policy, chance).renew(who, lease.case_id, lease.token)
            work.commit()
        assert later.is_blind == lease.is_blind
        blind.append(lease.is_blind)

    assert 15 <= sum(blind) <= 45


def test_a_new_lease_is_drawn_anew(migrated: Database) -> None:
    """What was served at random may come by its rank the next time."""
    open_cases(migrated, 1)
    first = _draw(migrated, quiet_policy(random=1))
    assert first
    with migrated.work(AN.person, now=NOW + timedelta(hours=1)) as work:
        again = Desk(work, quiet_policy()).next(AN)
        work.commit()

    assert again
    assert (first.drawn, again.drawn) == ("random", "priority")
