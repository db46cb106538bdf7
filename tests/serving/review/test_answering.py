"""Answers to appeals: once, by somebody else, for all copies."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest

from serving.db import (
    Appeal,
    Deliveries,
    Endpoints,
    SigningSecret,
)
from serving.errors import (
    AppealClosedError,
    AppealOpenError,
    ForbiddenError,
    NotFoundError,
    OwnDecisionError,
    ReasonNotAllowedError,
    VersionMismatchError,
)
from serving.review.appealing import Verdict
from serving.review.people import Reviewer
from tests.fixtures.cases import AN, LEAD, NOW, open_cases
from tests.fixtures.deciding import CLIENT, DISMISSED, SATIRE, UPHELD, Floor

OTHER_LEAD = Reviewer("rev_e000000000000000", None, is_lead=True)


@pytest.fixture
def decided(floor: Floor) -> str:
    """The id of a decision that An made of three copies."""
    case = open_cases(floor.database, 1, n_posts=3)[0]
    return floor.answer(AN, case.id, UPHELD).decision_id


def case_of(floor: Floor, appeal: Appeal) -> Any:
    """Return the case of an appeal as it is now."""
    return floor.case(appeal.case_id)


def test_the_decision_stands(floor: Floor, decided: str) -> None:
    """An appeal that was wrong changes nothing but itself."""
    appeal = floor.appeal(decided)
    floor.wait(hours=2)

    done = floor.reply(LEAD, appeal.id, "upheld", said="Đã xem lại.")

    assert (done.state, done.answer, done.version) == ("upheld", "Đã xem lại.", 2)
    assert (done.decided_by, done.decided_at) == (LEAD.person, floor.now)
    assert done.reversal_id is None
    assert case_of(floor, appeal).decision_id == decided


def test_the_decision_is_overturned(floor: Floor, decided: str) -> None:
    """It is reversed for all copies, and nothing takes its place."""
    appeal = floor.appeal(decided)

    done = floor.reply(LEAD, appeal.id, "overturned")

    reversal = floor.decisions(appeal.case_id)[-1]
    assert (reversal.id, reversal.reverses) == (done.reversal_id, decided)
    assert (reversal.reason_code, reversal.n_posts) == ("appeal_granted", 3)
    assert case_of(floor, appeal).decision_id is None
    assert case_of(floor, appeal).state == "decided"


def test_another_decision_in_its_place(floor: Floor, decided: str) -> None:
    """What the lead decides instead stands, and can be reversed like any other."""
    appeal = floor.appeal(decided)

    floor.reply(LEAD, appeal.id, "overturned", draft=SATIRE)

    first, reversal, made = floor.decisions(appeal.case_id)
    assert (first.id, reversal.reverses) == (decided, decided)
    assert (made.stage, made.is_final, made.outcome) == ("appeal", True, "satire")
    assert made.facts["appeal"] == appeal.id
    assert case_of(floor, appeal).decision_id == made.id
    floor.reverse(OTHER_LEAD, made.id)
    assert case_of(floor, appeal).state == "open"


def test_answered_twice(floor: Floor, decided: str) -> None:
    """The same answer of the same person is a repeat; any other comes too late."""
    appeal = floor.appeal(decided)
    done = floor.reply(LEAD, appeal.id, "overturned", draft=SATIRE, version=1)

    assert floor.reply(LEAD, appeal.id, "overturned", draft=SATIRE, version=1) == done
    assert len(floor.decisions(appeal.case_id)) == 3
    others: list[dict[str, Any]] = [
        {"outcome": "upheld"},
        {"outcome": "overturned"},
        {"outcome": "overturned", "draft": DISMISSED},
        {"outcome": "overturned", "draft": SATIRE, "said": "khác"},
        {"outcome": "overturned", "draft": SATIRE, "who": OTHER_LEAD},
    ]
    for other in others:
        with pytest.raises(AppealClosedError):
            floor.reply(other.pop("who", LEAD), appeal.id, **other)


def test_two_leads_answer_at_once(floor: Floor, decided: str) -> None:
    """One answer holds, and the decision is reversed once or not at all."""
    appeal = floor.appeal(decided)

    def send(said: tuple[Reviewer, Verdict]) -> str:
        try:
            return floor.reply(said[0], appeal.id, said[1]).state
        except AppealClosedError as e:
            return e.code

    with ThreadPoolExecutor(2) as pool:
        states = list(pool.map(send, [(LEAD, "upheld"), (OTHER_LEAD, "overturned")]))

    assert "appeal_closed" in states
    n_reversals = sum(x.kind == "reverse" for x in floor.decisions(appeal.case_id))
    assert n_reversals == ("overturned" in states)


def test_who_may_answer(floor: Floor) -> None:
    """A lead who neither decided nor filed it."""
    case = open_cases(floor.database, 1)[0]
    made = floor.answer(LEAD, case.id, UPHELD).decision_id
    appeal = floor.appeal(made)
    filer = Reviewer(CLIENT, None, is_lead=True)
    elsewhere = replace(OTHER_LEAD, queues=frozenset({"abuse"}))

    for who, error in (
        (LEAD, OwnDecisionError),
        (filer, OwnDecisionError),
        (AN, ForbiddenError),
        (elsewhere, NotFoundError),
    ):
        with pytest.raises(error):
            floor.reply(who, appeal.id, "upheld")
    assert floor.reply(OTHER_LEAD, appeal.id, "upheld").state == "upheld"


def test_what_cannot_be_answered(floor: Floor, decided: str) -> None:
    """The policy is asked about what is decided instead, and the version is checked."""
    appeal = floor.appeal(decided)

    with pytest.raises(ReasonNotAllowedError):
        floor.reply(LEAD, appeal.id, "upheld", draft=SATIRE)
    with pytest.raises(ReasonNotAllowedError):
        floor.reply(
            LEAD, appeal.id, "overturned", draft=replace(SATIRE, reason_code="no")
        )
    with pytest.raises(VersionMismatchError):
        floor.reply(LEAD, appeal.id, "upheld", version=2)
    for unknown in ("apl_0", "\0"):
        with pytest.raises(NotFoundError):
            floor.reply(LEAD, unknown, "upheld")


def test_what_is_appealed_is_not_reversed_otherwise(floor: Floor, decided: str) -> None:
    """While an appeal waits its answer alone can take the decision back."""
    appeal = floor.appeal(decided)

    with pytest.raises(AppealOpenError):
        floor.reverse(LEAD, decided)
    with pytest.raises(AppealOpenError):
        floor.undo(AN, decided)
    floor.reply(LEAD, appeal.id, "upheld")
    floor.reverse(LEAD, decided)


def test_others_are_told_of_appeals(floor: Floor, decided: str) -> None:
    """Messages name the appeal and its post, and neither person nor words."""
    with floor.database.work("rev_admin", now=NOW) as work:
        Endpoints(work.session).add(
            url="https://hooks.example/",
            events=["appeal.filed", "appeal.answered", "decision.reversed"],
            secret=SigningSecret("whsec_AAAA"),
            made_by=work.actor,
            now=NOW,
        )
        work.commit()
    appeal = floor.appeal(decided, "bí mật")
    floor.reply(LEAD, appeal.id, "overturned", said="bí mật")

    with floor.database.session() as session:
        told = Deliveries(session).page(state=None, after=None, limit=9)
    said = {x.event: x.payload for x in told}
    assert set(said) == {"appeal.filed", "appeal.answered", "decision.reversed"}
    assert said["appeal.answered"]["state"] == "overturned"
    assert said["appeal.filed"]["external_ref"] == "ticket-7"
    assert said["appeal.filed"]["post"]["source"] == "forum"
    assert "rev_" not in str(said)
    assert "bí mật" not in str(said)
