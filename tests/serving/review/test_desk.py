"""The desk: who has which case, and for how long."""

from datetime import timedelta

import pytest

from serving.db import Audit, Database, Leases
from serving.errors import (
    AlreadyClaimedError,
    AlreadyDecidedError,
    ForbiddenError,
    LeaseLostError,
    ReasonNotAllowedError,
    VersionMismatchError,
)
from serving.review.people import Reviewer
from tests.fixtures.cases import AN, BINH, LEAD, NOW, open_cases
from tests.fixtures.desks import POLICY, at_desk, case_in, ended, maybe_at_desk

LATER = timedelta(seconds=POLICY.lease.seconds)
SECOND = timedelta(seconds=1)


def test_next_is_what_matters_most(migrated: Database) -> None:
    """Cases come in the order of their rank, whatever queue they wait in."""
    queues = ("scam", "abuse", "other")
    cases = [
        open_cases(migrated, 1, rank=float(x), queue=queues[x % 3])[0] for x in range(6)
    ]

    people = [Reviewer(f"rev_{x}", None, is_lead=False) for x in range(7)]
    served = [_next(migrated, x) for x in people]

    assert served == [*(x.id for x in reversed(cases)), None]


def test_who_has_a_case_gets_no_other(migrated: Database) -> None:
    """Asking again returns the same case, under the same token, for longer."""
    open_cases(migrated, 2)

    first = at_desk(migrated, lambda d: d.next(AN))
    again = at_desk(migrated, lambda d: d.next(AN), SECOND)

    assert (again.case_id, again.token) == (first.case_id, first.token)
    assert again.ends_at == first.ends_at + SECOND


def test_taking_a_case_is_written_down(migrated: Database) -> None:
    """The case has a holder, a version and a token more; the log says how it came."""
    case = open_cases(migrated, 1)[0]

    lease = at_desk(migrated, lambda d: d.next(AN))

    taken = case_in(migrated, case.id)
    assert (taken.holder, taken.lease_token, taken.version) == (AN.person, 1, 2)
    assert taken.lease_ends_at == lease.ends_at == NOW + LATER
    with migrated.session() as session:
        acts = [x.act for x in Audit(session).of(case.id)]
    assert [(x.action, x.detail) for x in acts] == [
        ("case.claim", {"token": 1, "drawn": "priority"})
    ]


def test_an_expired_case_goes_to_the_next(migrated: Database) -> None:
    """Until its last second a case is its holder's; then it is anybody's."""
    case = open_cases(migrated, 1)[0]
    first = at_desk(migrated, lambda d: d.next(AN))

    early = maybe_at_desk(migrated, lambda d: d.next(BINH), LATER - SECOND)
    late = at_desk(migrated, lambda d: d.next(BINH), LATER)

    assert early is None
    assert (late.case_id, late.token) == (case.id, first.token + 1)
    assert ended(migrated, case.id) == ["expired", None]


def test_a_lease_that_ended_a_second_ago(migrated: Database) -> None:
    """Who comes a second late has lost the case, even if nobody else took it."""
    case = open_cases(migrated, 1)[0]
    token = at_desk(migrated, lambda d: d.next(AN)).token
    late = LATER + SECOND

    for act in (
        lambda d: d.renew(AN, case.id, token),
        lambda d: d.release(AN, case.id, token),
        lambda d: d.skip(AN, case.id, token, "too_close"),
        lambda d: d.escalate(AN, case.id, token, "needs_a_lead"),
    ):
        with pytest.raises(LeaseLostError):
            maybe_at_desk(migrated, act, late)

    assert case_in(migrated, case.id).version == 2


def test_who_slept_cannot_act_for_the_next(migrated: Database) -> None:
    """An old token is good for nothing, also while its person has the case again."""
    case = open_cases(migrated, 1)[0]
    old = at_desk(migrated, lambda d: d.next(AN)).token
    at_desk(migrated, lambda d: d.next(AN), LATER)

    with pytest.raises(LeaseLostError):
        maybe_at_desk(migrated, lambda d: d.release(AN, case.id, old), LATER)


def test_renew_lengthens(migrated: Database) -> None:
    """A heartbeat keeps the case; it is no change of the case itself."""
    case = open_cases(migrated, 1)[0]
    token = at_desk(migrated, lambda d: d.next(AN)).token

    lease = at_desk(migrated, lambda d: d.renew(AN, case.id, token), SECOND)

    assert lease.ends_at == NOW + LATER + SECOND
    assert case_in(migrated, case.id).version == 2
    assert maybe_at_desk(migrated, lambda d: d.next(BINH), LATER) is None


def test_claim_one(migrated: Database) -> None:
    """One case can be asked for; asking twice is the same lease, another is refused."""
    case = open_cases(migrated, 3)[2]

    first = at_desk(migrated, lambda d: d.claim(AN, case.id))
    again = at_desk(migrated, lambda d: d.claim(AN, case.id), SECOND)

    assert first == again
    assert (first.case_id, first.drawn) == (case.id, "asked")
    with pytest.raises(AlreadyClaimedError):
        maybe_at_desk(migrated, lambda d: d.claim(BINH, case.id))


def test_claim_what_was_decided(migrated: Database) -> None:
    """Nobody takes a case that waits for nobody."""
    case = open_cases(migrated, 1, state="decided")[0]

    with pytest.raises(AlreadyDecidedError):
        maybe_at_desk(migrated, lambda d: d.claim(AN, case.id))
    assert maybe_at_desk(migrated, lambda d: d.next(AN)) is None


def test_release_puts_back(migrated: Database) -> None:
    """A released case is served again at once; releasing it twice is lost."""
    case = open_cases(migrated, 1)[0]
    token = at_desk(migrated, lambda d: d.next(AN)).token

    maybe_at_desk(migrated, lambda d: d.release(AN, case.id, token))

    with pytest.raises(LeaseLostError):
        maybe_at_desk(migrated, lambda d: d.release(AN, case.id, token))
    assert ended(migrated, case.id) == ["released"]
    assert at_desk(migrated, lambda d: d.next(BINH)).case_id == case.id


def test_skip_is_for_others(migrated: Database) -> None:
    """What a person skipped is served to others, and to them only if they ask."""
    case, other = open_cases(migrated, 2)
    token = at_desk(migrated, lambda d: d.next(AN)).token

    maybe_at_desk(migrated, lambda d: d.skip(AN, case.id, token, "too_distressing"))

    assert at_desk(migrated, lambda d: d.next(AN)).case_id == other.id
    assert at_desk(migrated, lambda d: d.next(BINH)).case_id == case.id
    with migrated.session() as session:
        assert Leases(session).of(case.id)[0].reason == "too_distressing"


@pytest.mark.parametrize("reason", ["no_violation", "none", "needs_a_lead"])
def test_skip_needs_a_reason(migrated: Database, reason: str) -> None:
    """A reason that is not one for skipping changes nothing."""
    case = open_cases(migrated, 1)[0]
    token = at_desk(migrated, lambda d: d.next(AN)).token

    with pytest.raises(ReasonNotAllowedError):
        maybe_at_desk(migrated, lambda d: d.skip(AN, case.id, token, reason))
    assert ended(migrated, case.id) == [None]


def test_escalate_waits_for_a_lead(migrated: Database) -> None:
    """An escalated case is served to leads alone, and cannot be escalated again."""
    case = open_cases(migrated, 1)[0]
    token = at_desk(migrated, lambda d: d.next(AN)).token
    maybe_at_desk(
        migrated,
        lambda d: d.escalate(AN, case.id, token, "person_in_danger", "gọi ngay"),
    )

    assert case_in(migrated, case.id).escalated == "person_in_danger"
    assert maybe_at_desk(migrated, lambda d: d.next(BINH)) is None
    with pytest.raises(ForbiddenError):
        maybe_at_desk(migrated, lambda d: d.claim(BINH, case.id))
    lease = at_desk(migrated, lambda d: d.next(LEAD))
    assert lease.case_id == case.id
    with pytest.raises(ReasonNotAllowedError):
        maybe_at_desk(
            migrated, lambda d: d.escalate(LEAD, case.id, lease.token, "needs_a_lead")
        )


def test_a_case_that_changed(migrated: Database) -> None:
    """Who has seen another version of the case is told so, and nothing is done."""
    case = open_cases(migrated, 1)[0]

    with pytest.raises(VersionMismatchError):
        maybe_at_desk(migrated, lambda d: d.claim(AN, case.id, version=2))
    token = at_desk(migrated, lambda d: d.claim(AN, case.id, version=1)).token
    with pytest.raises(VersionMismatchError):
        maybe_at_desk(migrated, lambda d: d.release(AN, case.id, token, version=1))


def _next(database: Database, who: Reviewer) -> str | None:
    lease = maybe_at_desk(database, lambda d: d.next(who))
    return lease.case_id if lease else None
