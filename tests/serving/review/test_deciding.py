"""Deciding a case: who has it, with which reasons, once."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from kiemtin.labels import Label
from serving.db import Audit, Deliveries, Endpoints, Leases, SigningSecret
from serving.errors import (
    AlreadyDecidedError,
    LeaseLostError,
    NotFoundError,
    ReasonNotAllowedError,
    VersionMismatchError,
)
from serving.review.outcomes import Outcome
from tests.fixtures.cases import AN, BINH, CHI, NOW, SCORES, open_cases
from tests.fixtures.deciding import DISMISSED, SATIRE, UPHELD, Floor


def test_a_decision_closes_its_case(floor: Floor) -> None:
    """The case is decided, nobody's, and names its decision."""
    case = open_cases(floor.database, 1, n_posts=3)[0]

    done = floor.answer(AN, case.id, UPHELD)

    after = floor.case(case.id)
    assert (done.is_final, done.stage_next, done.replayed) == (True, None, False)
    assert (after.state, after.decision_id) == ("decided", done.decision_id)
    assert (after.holder, after.lease_ends_at, after.decided_at) == (None, None, NOW)
    assert after.version == case.version + 2


def test_what_it_rests_on_is_frozen(floor: Floor) -> None:
    """The record says what was looked at, by which rules, and how it came there."""
    case = open_cases(floor.database, 1, n_posts=3, n_reports=2)[0]

    floor.answer(AN, case.id, UPHELD)

    (made,) = floor.decisions(case.id)
    assert (made.kind, made.outcome, made.labels) == ("uphold", "takedown", ["scam"])
    assert (made.clause, made.reason_code) == ("scam.fraud", "clear_violation")
    assert (made.person, made.stage, made.is_final) == (AN.person, "first", True)
    assert (made.text_digest, made.model_digest) == ("d" * 64, "sha256:m")
    assert made.policy_version == "bundled-p"
    assert made.review_policy_digest == floor.policy.digest
    assert (made.scores, made.n_posts, made.spent_s) == (SCORES, 3, 12.5)
    assert made.facts["drawn"] == "asked"
    assert made.facts["origins"] == {"pipeline": 3}
    assert (made.facts["flagged"], made.facts["n_reports"]) == (["scam"], 2)


def test_it_is_noted_and_its_lease_ended(floor: Floor) -> None:
    """The audit log has the act without what was said, the lease how it ended."""
    case = open_cases(floor.database, 1)[0]
    done = floor.answer(AN, case.id, replace(UPHELD, note="bí mật"))

    with floor.database.session() as session:
        acts = [x.act for x in Audit(session).of(case.id)]
        lease = Leases(session).get(case.id, 1)
    assert acts[-1].action == "decision.make"
    assert acts[-1].detail == {"decision": done.decision_id, "stage": "first"}
    assert lease is not None
    assert (lease.ended, lease.ended_at) == ("decided", NOW)


def test_a_decision_sent_twice(floor: Floor) -> None:
    """The same again is the same decision, and nothing happens."""
    case = open_cases(floor.database, 1)[0]
    first = floor.answer(AN, case.id, UPHELD)
    version = floor.case(case.id).version

    again = floor.decide(AN, case.id, replace(UPHELD, spent_s=99), version=1)

    assert again == replace(first, replayed=True)
    assert len(floor.decisions(case.id)) == 1
    assert floor.case(case.id).version == version


@pytest.mark.parametrize(
    "other",
    [
        DISMISSED,
        replace(UPHELD, outcome=Outcome.LABEL, reason_code="borderline"),
        replace(UPHELD, reason_code="harm_is_near"),
        replace(UPHELD, labels=[Label.SCAM, Label.SPAM]),
    ],
)
def test_a_conflicting_decision(floor: Floor, other: Any) -> None:
    """Who says something else after it is told that the case is decided."""
    case = open_cases(floor.database, 1)[0]
    floor.answer(AN, case.id, UPHELD)

    with pytest.raises(AlreadyDecidedError):
        floor.decide(AN, case.id, other)
    assert len(floor.decisions(case.id)) == 1


def test_another_person_comes_too_late(floor: Floor) -> None:
    """What one decided is not decided again by another, not even the same way."""
    case = open_cases(floor.database, 1)[0]
    floor.answer(AN, case.id, UPHELD)

    with pytest.raises(AlreadyDecidedError):
        floor.decide(BINH, case.id, UPHELD)


@pytest.mark.parametrize("late_s", [0, 1, 3600])
def test_a_lease_that_ended(floor: Floor, late_s: float) -> None:
    """A second after the lease, and at its end, the case is not theirs any more."""
    case = open_cases(floor.database, 1)[0]
    lease = floor.take(AN, case.id)
    floor.wait(seconds=floor.policy.lease.seconds + late_s)

    with pytest.raises(LeaseLostError):
        floor.decide(AN, case.id, replace(UPHELD, token=lease.token))
    assert floor.decisions(case.id) == []


def test_the_last_moment_of_a_lease(floor: Floor) -> None:
    """As long as the lease runs the answer counts."""
    case = open_cases(floor.database, 1)[0]
    lease = floor.take(AN, case.id)
    floor.wait(seconds=floor.policy.lease.seconds - 0.001)

    assert floor.decide(AN, case.id, replace(UPHELD, token=lease.token)).is_final


@pytest.mark.parametrize("token", [0, 1, 3, 2**31])
def test_the_token_of_somebody_else(floor: Floor, token: int) -> None:
    """Only the last number that was given out is good, and only for its holder."""
    case = open_cases(floor.database, 1)[0]
    floor.take(AN, case.id)
    floor.wait(hours=1)
    floor.take(BINH, case.id)

    with pytest.raises(LeaseLostError):
        floor.decide(BINH, case.id, replace(UPHELD, token=token))
    with pytest.raises(LeaseLostError):
        floor.decide(AN, case.id, replace(UPHELD, token=2))


@pytest.mark.parametrize("case_id", ["case_0", "", "\0", "case_" + "f" * 500])
def test_a_case_that_is_none(floor: Floor, case_id: str) -> None:
    """An id that was never given is not found."""
    with pytest.raises(NotFoundError):
        floor.decide(AN, case_id, UPHELD)


def test_a_case_of_another_queue(floor: Floor) -> None:
    """A case of a queue that is not theirs is not there for them."""
    case = open_cases(floor.database, 1, queue="scam")[0]

    with pytest.raises(NotFoundError):
        floor.decide(CHI, case.id, UPHELD)


def test_the_version_that_was_seen(floor: Floor) -> None:
    """Who names a version decides that one or nothing."""
    case = open_cases(floor.database, 1)[0]
    token = floor.take(AN, case.id).token
    draft = replace(UPHELD, token=token)

    with pytest.raises(VersionMismatchError):
        floor.decide(AN, case.id, draft, version=case.version)
    assert floor.decide(AN, case.id, draft, version=case.version + 1).is_final


@pytest.mark.parametrize(
    ("draft", "wrong"),
    [
        (replace(UPHELD, clause=None), "the clause must be one of scam.fraud"),
        (replace(UPHELD, clause="hate.group"), "the clause must be one of"),
        (replace(UPHELD, labels=[]), "needs the labels"),
        (replace(UPHELD, labels=[Label.HATE]), "the clause must be one of hate.group"),
        (replace(UPHELD, reason_code="no_violation"), "no such reason"),
        (replace(UPHELD, reason_code=""), "no such reason"),
        (replace(DISMISSED, clause="scam.fraud"), "neither a clause nor labels"),
        (replace(DISMISSED, labels=[Label.SCAM]), "neither a clause nor labels"),
        (replace(DISMISSED, reason_code="clear_violation"), "no such reason"),
        (
            replace(UPHELD, outcome=Outcome.CORRECT, reason_code="source_contradicts"),
            "needs a note",
        ),
        (replace(DISMISSED, outcome=Outcome.REVERSE), "a case is not"),
    ],
)
def test_clause_and_reason_are_asked_for(floor: Floor, draft: Any, wrong: str) -> None:
    """What the policy wants to know is wanted by the server, whatever sent it."""
    case = open_cases(floor.database, 1)[0]
    token = floor.take(AN, case.id).token

    with pytest.raises(ReasonNotAllowedError, match=wrong):
        floor.decide(AN, case.id, replace(draft, token=token))
    assert floor.case(case.id).holder == AN.person


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE decisions SET outcome = 'benign'",
        "UPDATE decisions SET is_final = NOT is_final",
        "DELETE FROM decisions",
    ],
)
def test_a_decision_never_changes(floor: Floor, change: str) -> None:
    """The database itself refuses to change what was decided."""
    case = open_cases(floor.database, 1)[0]
    floor.answer(AN, case.id, UPHELD)
    before = floor.decisions(case.id)

    with floor.database.session() as session, pytest.raises(DBAPIError):
        session.execute(text(change))
    assert floor.decisions(case.id) == before


def test_others_are_told(floor: Floor) -> None:
    """What goes out says what was decided on which post, and of no person."""
    with floor.database.work("rev_admin", now=NOW) as work:
        Endpoints(work.session).add(
            url="https://hooks.example/",
            events=["decision.made"],
            secret=SigningSecret("whsec_AAAA"),
            made_by=work.actor,
            now=NOW,
        )
        work.commit()
    case = open_cases(floor.database, 1, n_posts=2)[0]

    done = floor.answer(AN, case.id, replace(SATIRE, note="bí mật"))

    with floor.database.session() as session:
        (told,) = Deliveries(session).page(state=None, after=None, limit=9)
    said = told.payload
    assert said["decision_id"] == done.decision_id
    assert said["post"] == {
        "id": case.post_id,
        "source": "forum",
        "external_id": case.post_id,
        "revision": "1",
    }
    assert (said["kind"], said["outcome"], said["n_posts"]) == ("dismiss", "satire", 2)
    assert not {"person", "note", "text", "scores"} & set(said)
    assert "rev_" not in str(said)
    assert "bí mật" not in str(said)
