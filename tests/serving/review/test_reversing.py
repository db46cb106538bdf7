"""Decisions are taken back by other rows, and their cases go on."""

from dataclasses import replace
from typing import Any

import pytest

from serving.db import Audit, Deliveries, Endpoints, SigningSecret
from serving.errors import (
    AlreadyDecidedError,
    AlreadyReversedError,
    ForbiddenError,
    LeaseLostError,
    NotFoundError,
    ReasonNotAllowedError,
)
from serving.review.reversing import reverse
from tests.fixtures.cases import (
    AN,
    BINH,
    LEAD,
    NOW,
    add_golden,
    hold,
    open_case,
    open_cases,
)
from tests.fixtures.deciding import DISMISSED, UPHELD, Floor


def test_a_reversal_is_another_row(floor: Floor) -> None:
    """The decision stays as it was written; a second row says that it is reversed."""
    case = open_cases(floor.database, 1, n_posts=3)[0]
    made = floor.answer(AN, case.id, UPHELD).decision_id
    before = floor.decisions(case.id)[0]
    floor.wait(days=2)

    reversal_id = floor.reverse(LEAD, made)

    first, second = floor.decisions(case.id)
    assert first == before
    assert (second.id, second.kind, second.reverses) == (reversal_id, "reverse", made)
    assert (second.outcome, second.is_final) == ("reverse", True)
    assert (second.person, second.created_at) == (LEAD.person, floor.now)
    assert (second.labels, second.clause, second.n_posts) == ([], None, 3)


def test_a_reopened_case(floor: Floor) -> None:
    """The case waits again for a first answer, which decides it anew."""
    case = open_cases(floor.database, 1)[0]
    floor.reverse(LEAD, floor.answer(AN, case.id, UPHELD).decision_id)

    after = floor.case(case.id)
    assert (after.state, after.stage) == ("open", "first")
    assert (after.decision_id, after.decided_at) == (None, None)
    done = floor.answer(BINH, case.id, DISMISSED)
    assert done.is_final
    assert floor.case(case.id).decision_id == done.decision_id


def test_a_case_that_is_not_reopened(floor: Floor) -> None:
    """The case stays closed, and no decision of it stands."""
    case = open_cases(floor.database, 1)[0]

    floor.reverse(LEAD, floor.answer(AN, case.id, UPHELD).decision_id, reopen=False)

    after = floor.case(case.id)
    assert (after.state, after.decision_id) == ("decided", None)


def test_reversed_twice(floor: Floor) -> None:
    """What was taken back is not taken back again, nor is what took it back."""
    case = open_cases(floor.database, 1)[0]
    made = floor.answer(AN, case.id, UPHELD).decision_id
    reversal_id = floor.reverse(LEAD, made)

    for decision_id in (made, reversal_id):
        with pytest.raises(AlreadyReversedError):
            floor.reverse(LEAD, decision_id)


def test_an_answer_that_was_not_final(double: Floor) -> None:
    """Of a double review only what settled it can be reversed."""
    case = open_cases(double.database, 1)[0]
    first = double.answer(AN, case.id, UPHELD).decision_id
    second = double.answer(BINH, case.id, UPHELD).decision_id

    with pytest.raises(AlreadyReversedError):
        double.reverse(LEAD, first)
    double.reverse(LEAD, second)
    assert double.answer(AN, case.id, DISMISSED).stage_next == "second"


def test_who_may_reverse(floor: Floor) -> None:
    """Only leads reverse, and only in their queues."""
    case = open_cases(floor.database, 1)[0]
    made = floor.answer(AN, case.id, UPHELD).decision_id

    with pytest.raises(ForbiddenError):
        floor.reverse(AN, made)
    with pytest.raises(NotFoundError):
        floor.reverse(replace(LEAD, queues=frozenset({"abuse"})), made)
    with pytest.raises(NotFoundError):
        floor.reverse(LEAD, "dec_0")


def test_a_reversal_has_a_reason(floor: Floor) -> None:
    """The policy says why decisions may be reversed."""
    case = open_cases(floor.database, 1)[0]
    made = floor.answer(AN, case.id, UPHELD).decision_id

    with (
        floor.database.work(LEAD.person) as work,
        pytest.raises(ReasonNotAllowedError, match="reviewed_again"),
    ):
        reverse(work, floor.policy, LEAD, made, "no_violation", reopen=True)


def test_a_late_repeat_of_what_was_reversed(floor: Floor) -> None:
    """A client that sends its decision once more does not bring it back."""
    case = open_cases(floor.database, 1)[0]
    floor.reverse(LEAD, floor.answer(AN, case.id, UPHELD).decision_id)

    with pytest.raises(LeaseLostError):
        floor.decide(AN, case.id, UPHELD)


def test_others_are_told_of_a_reversal(floor: Floor) -> None:
    """Who was told of the decision is told that it does not hold."""
    with floor.database.work("rev_admin", now=NOW) as work:
        Endpoints(work.session).add(
            url="https://hooks.example/",
            events=["decision.reversed"],
            secret=SigningSecret("whsec_AAAA"),
            made_by=work.actor,
            now=NOW,
        )
        work.commit()
    case = open_cases(floor.database, 1, n_posts=4)[0]
    made = floor.answer(AN, case.id, UPHELD).decision_id
    reversal_id = floor.reverse(LEAD, made)

    with floor.database.session() as session:
        (told,) = Deliveries(session).page(state=None, after=None, limit=9)
        acts = [x.act for x in Audit(session).of(case.id)]
    assert told.payload["decision_id"] == reversal_id
    assert (told.payload["reverses"], told.payload["n_posts"]) == (made, 4)
    assert told.payload["is_reopened"] is True
    assert acts[-1].action == "decision.reverse"
    assert acts[-1].detail["reverses"] == made


def test_undo(floor: Floor) -> None:
    """Who slipped has the case again at once, and decides it anew."""
    case = open_cases(floor.database, 1)[0]
    made = floor.answer(AN, case.id, UPHELD).decision_id
    floor.wait(minutes=9)

    lease = floor.undo(AN, made)

    after = floor.case(case.id)
    assert (after.state, after.stage, after.decision_id) == ("open", "first", None)
    assert (after.holder, after.lease_token) == (AN.person, lease.token)
    assert after.lease_ends_at == lease.ends_at > floor.now
    done = floor.decide(AN, case.id, replace(DISMISSED, token=lease.token))
    assert (done.is_final, done.replayed) == (True, False)
    kinds = [x.kind for x in floor.decisions(case.id)]
    assert kinds == ["uphold", "reverse", "dismiss"]


def test_the_same_again_after_an_undo(floor: Floor) -> None:
    """Who undoes an answer and comes to it again has made another decision."""
    case = open_cases(floor.database, 1)[0]
    made = floor.answer(AN, case.id, UPHELD).decision_id
    token = floor.undo(AN, made).token

    done = floor.decide(AN, case.id, replace(UPHELD, token=token))

    assert not done.replayed
    assert done.decision_id != made


def test_undo_of_a_first_answer(double: Floor) -> None:
    """Before anybody answered after it, it can be taken back, even from a second."""
    case = open_cases(double.database, 1)[0]
    first = double.answer(AN, case.id, UPHELD).decision_id
    token = double.take(BINH, case.id).token

    double.undo(AN, first)

    assert double.case(case.id).stage == "first"
    with pytest.raises(LeaseLostError):
        double.decide(BINH, case.id, replace(UPHELD, token=token))


def test_undo_of_a_second_answer(double: Floor) -> None:
    """The first answer stays where it was; only the last one is given again."""
    case = open_cases(double.database, 1)[0]
    first = double.answer(AN, case.id, UPHELD).decision_id
    second = double.answer(BINH, case.id, DISMISSED).decision_id
    with pytest.raises(AlreadyDecidedError):
        double.undo(AN, first)

    token = double.undo(BINH, second).token

    assert double.case(case.id).stage == "second"
    assert double.decide(BINH, case.id, replace(UPHELD, token=token)).is_final


def test_undo_of_a_golden_answer(floor: Floor) -> None:
    """A golden item can be undone like any other case."""
    with floor.database.work("system", now=floor.now) as work:
        case = open_case(work.session, golden_id=add_golden(work.session))
        token = hold(work.session, case, AN)
        work.commit()
    made = floor.decide(AN, case.id, replace(UPHELD, token=token)).decision_id

    token = floor.undo(AN, made).token

    assert floor.decide(AN, case.id, replace(DISMISSED, token=token)).is_final


@pytest.mark.parametrize(
    ("who", "minutes", "error"),
    [(BINH, 1, NotFoundError), (LEAD, 1, NotFoundError), (AN, 11, ForbiddenError)],
)
def test_what_cannot_be_undone(
    floor: Floor, who: Any, minutes: int, error: type[Exception]
) -> None:
    """Nobody undoes what another decided, or what is longer ago."""
    case = open_cases(floor.database, 1)[0]
    made = floor.answer(AN, case.id, UPHELD).decision_id
    floor.wait(minutes=minutes)

    with pytest.raises(error):
        floor.undo(who, made)


def test_undone_twice(floor: Floor) -> None:
    """An undo is done once, and is not itself undone."""
    case = open_cases(floor.database, 1)[0]
    made = floor.answer(AN, case.id, UPHELD).decision_id
    floor.undo(AN, made)

    with pytest.raises(AlreadyReversedError):
        floor.undo(AN, made)
    with pytest.raises(NotFoundError):
        floor.undo(AN, floor.decisions(case.id)[-1].id)
