"""Many people at the desk at once."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest

from serving.db import Audit, Cases, Database
from serving.db.audit import START, digest_of
from serving.review.desk import Desk
from serving.review.people import Reviewer
from tests.fixtures.cases import AN, BINH, NOW, open_cases, quiet_policy
from tests.fixtures.desks import POLICY, at_desk, maybe_at_desk

_N_PEOPLE = 50


@pytest.fixture
def crowded(migrated: Database) -> Database:
    """A database in which people do not wait for one another."""
    if migrated.dialect == "sqlite":
        pytest.skip("in SQLite there is only ever one who writes")
    return migrated


def _person(n: int) -> Reviewer:
    return Reviewer(f"rev_{n:016x}", None, is_lead=False)


def test_fifty_people_never_get_the_same_case(migrated: Database) -> None:
    """Whoever asks at once with others gets a case alone, and the best ones are given."""
    cases = open_cases(migrated, _N_PEOPLE + 30)
    policy = quiet_policy(random=0.2, blind=0.5)
    together = threading.Barrier(_N_PEOPLE)

    def serve(n: int) -> str | None:
        together.wait()
        with migrated.work(_person(n).person, now=NOW) as work:
            lease = Desk(work, policy).next(_person(n))
            work.commit()
        return lease.case_id if lease else None

    with ThreadPoolExecutor(_N_PEOPLE) as pool:
        served = list(pool.map(serve, range(_N_PEOPLE)))

    assert None not in served
    assert max(Counter(served).values()) == 1
    best = {x.id for x in cases[:_N_PEOPLE]}
    assert len(best & set(served)) > _N_PEOPLE / 2
    assert _n_acts(migrated) == _N_PEOPLE


def test_nobody_waits_for_an_open_transaction(crowded: Database) -> None:
    """While one is still taking the best case, others get the next ones at once."""
    cases = open_cases(crowded, 4)
    served: list[str] = []

    def serve(who: Reviewer) -> None:
        served.append(at_desk(crowded, lambda d: d.next(who)).case_id)

    with crowded.work(AN.person, now=NOW) as work:
        held = Desk(work, POLICY).next(AN)
        for n in range(3):
            thread = threading.Thread(target=serve, args=[_person(n)], daemon=True)
            thread.start()
            thread.join(10)
            assert not thread.is_alive()
        work.commit()

    assert held
    assert held.case_id == cases[0].id
    assert served == [x.id for x in cases[1:]]


def test_nothing_is_left_while_one_takes_the_last(crowded: Database) -> None:
    """A case that somebody is just taking is not waited for."""
    open_cases(crowded, 1)

    with crowded.work(AN.person, now=NOW) as work:
        Desk(work, POLICY).next(AN)
        assert maybe_at_desk(crowded, lambda d: d.next(BINH)) is None
        work.commit()


def test_one_person_asks_twice_at_once(crowded: Database) -> None:
    """Two tabs of one person get one case."""
    open_cases(crowded, 10)
    together = threading.Barrier(8)

    def serve(_: int) -> tuple[str, int]:
        together.wait()
        lease = at_desk(crowded, lambda d: d.next(AN))
        return lease.case_id, lease.token

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(serve, range(8)))) == 1


def test_many_claim_one_case(migrated: Database, database_url: str) -> None:
    """One of them has it; the others learn so."""
    case = open_cases(migrated, 1)[0]
    together = threading.Barrier(10)
    holders: list[str] = []

    def claim(n: int) -> None:
        together.wait()
        with (
            closing(Database(database_url)) as database,
            database.work(_person(n).person, now=NOW) as work,
        ):
            Desk(work, POLICY).claim(_person(n), case.id)
            work.commit()
        holders.append(_person(n).person)

    with ThreadPoolExecutor(10) as pool:
        refusals = [x.exception() for x in [pool.submit(claim, n) for n in range(10)]]

    assert len(holders) == 1
    assert sum(x is not None for x in refusals) == 9
    assert {getattr(x, "code", None) for x in refusals} == {None, "already_claimed"}
    with migrated.session() as session:
        now = Cases(session).get(case.id, None)
    assert now
    assert (now.holder, now.lease_token) == (holders[0], 1)


def _n_acts(database: Database) -> int:
    """Return how many acts are in the log, each chained to the one before."""
    digest, n = START, 0
    with database.session() as session:
        for n, entry in enumerate(Audit(session).all(), start=1):
            digest = digest_of(digest, n, entry.act)
            assert (entry.position, entry.digest) == (n, digest)
    return n
