"""Two people answer, a lead settles it where they disagree, and golden items."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from random import Random
from threading import Barrier

import pytest

from kiemtin.labels import Label
from serving.db import Database
from serving.errors import (
    AlreadyDecidedError,
    ConflictError,
    ForbiddenError,
    LeaseLostError,
    OwnDecisionError,
)
from serving.review.deciding import Draft
from serving.review.desk import Desk
from serving.review.outcomes import Outcome
from serving.review.people import Reviewer
from serving.review.settling import draw_double
from tests.fixtures.cases import (
    AN,
    BINH,
    LEAD,
    add_golden,
    hold,
    open_case,
    open_cases,
)
from tests.fixtures.deciding import DISMISSED, SATIRE, UPHELD, Floor, floor_of

OTHER_LEAD = Reviewer("rev_e000000000000000", None, is_lead=True)


def test_a_second_person_is_asked(double: Floor) -> None:
    """A first answer decides nothing: the case waits for another person's."""
    case = open_cases(double.database, 1)[0]

    done = double.answer(AN, case.id, UPHELD)

    after = double.case(case.id)
    assert (done.is_final, done.stage_next) == (False, "second")
    assert (after.state, after.stage, after.decision_id) == ("open", "second", None)
    assert after.holder is None


def test_a_first_answer_sent_twice(double: Floor) -> None:
    """A repeat of it is no second answer."""
    case = open_cases(double.database, 1)[0]
    first = double.answer(AN, case.id, UPHELD)

    again = double.decide(AN, case.id, UPHELD)

    assert again == replace(first, replayed=True)
    with pytest.raises(AlreadyDecidedError):
        double.decide(AN, case.id, DISMISSED)


def test_two_who_agree(double: Floor) -> None:
    """The second answer decides the case, by itself."""
    case = open_cases(double.database, 1)[0]
    double.answer(AN, case.id, UPHELD)

    done = double.answer(BINH, case.id, replace(UPHELD, labels=list(Label)[3:]))

    first, second = double.decisions(case.id)
    assert (first.is_final, second.is_final) == (False, True)
    assert (done.decision_id, done.stage_next) == (second.id, None)
    assert double.case(case.id).decision_id == second.id


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (UPHELD, DISMISSED),
        (UPHELD, replace(UPHELD, outcome=Outcome.LABEL, reason_code="borderline")),
        (SATIRE, DISMISSED),
    ],
)
def test_two_who_disagree(double: Floor, first: Draft, second: Draft) -> None:
    """Another kind, or another outcome of the same kind, goes to a lead."""
    case = open_cases(double.database, 1)[0]
    double.answer(AN, case.id, first)

    done = double.answer(BINH, case.id, second)

    assert (done.is_final, done.stage_next) == (False, "adjudication")
    settled = double.answer(LEAD, case.id, DISMISSED)
    assert (settled.is_final, settled.stage_next) == (True, None)
    made = double.decisions(case.id)
    assert [x.is_final for x in made] == [False, False, True]
    assert [x.stage for x in made] == ["first", "second", "adjudication"]


def test_the_second_is_another_person(double: Floor) -> None:
    """Who answered first may not answer again, whatever lease they hold."""
    case = open_cases(double.database, 1)[0]
    double.answer(AN, case.id, UPHELD)
    with pytest.raises(OwnDecisionError):
        double.take(AN, case.id)
    with double.database.work(AN.person, now=double.now) as work:
        assert Desk(work, double.policy).next(AN) is None
        token = hold(work.session, double.case(case.id), AN)
        work.commit()

    with pytest.raises(OwnDecisionError):
        double.decide(AN, case.id, replace(DISMISSED, token=token))


def test_a_lead_who_was_one_of_two(double: Floor) -> None:
    """Who disagreed with another does not settle it, even as a lead."""
    case = open_cases(double.database, 1)[0]
    double.answer(LEAD, case.id, UPHELD)
    double.answer(AN, case.id, DISMISSED)
    with double.database.work(LEAD.person, now=double.now) as work:
        token = hold(work.session, double.case(case.id), LEAD)
        work.commit()

    with pytest.raises(OwnDecisionError):
        double.decide(LEAD, case.id, replace(UPHELD, token=token))
    double.wait(hours=1)
    assert double.answer(OTHER_LEAD, case.id, UPHELD).is_final


def test_only_a_lead_adjudicates(double: Floor) -> None:
    """A lease from before they stopped being a lead helps nobody."""
    case = open_cases(double.database, 1, stage="adjudication")[0]
    token = double.take(LEAD, case.id).token
    former = replace(LEAD, is_lead=False)

    with pytest.raises(ForbiddenError):
        double.decide(former, case.id, replace(UPHELD, token=token))


def test_an_escalated_case(double: Floor) -> None:
    """What somebody left to a lead is decided by the one answer of a lead."""
    case = open_cases(double.database, 1)[0]
    lease = double.take(AN, case.id)
    with double.database.work(AN.person, now=double.now) as work:
        Desk(work, double.policy).escalate(AN, case.id, lease.token, "rules_unclear")
        work.commit()

    assert double.answer(LEAD, case.id, UPHELD).is_final
    assert double.decisions(case.id)[0].facts["escalated"] == "rules_unclear"


def test_two_leads_at_once(double: Floor) -> None:
    """One of them settles the case; the other is told, and nothing is doubled."""
    case = open_cases(double.database, 1, stage="adjudication")[0]
    token = double.take(LEAD, case.id).token
    start = Barrier(2, timeout=10)

    def send(who: Reviewer, draft: Draft) -> str:
        start.wait()
        try:
            double.decide(who, case.id, replace(draft, token=token))
        except ConflictError as e:
            return e.code
        return "decided"

    with ThreadPoolExecutor(2) as pool:
        codes = list(pool.map(send, [LEAD, OTHER_LEAD], [UPHELD, DISMISSED]))

    assert codes[0] == "decided"
    assert codes[1] in {LeaseLostError.code, AlreadyDecidedError.code}
    assert len(double.decisions(case.id)) == 1


def test_a_decision_sent_many_times_at_once(double: Floor) -> None:
    """Of eight that come together one is written, and all have its id."""
    case = open_cases(double.database, 1)[0]
    token = double.take(AN, case.id).token
    draft = replace(UPHELD, token=token)
    start = Barrier(8, timeout=10)

    def send(n: int) -> tuple[str, bool]:
        start.wait()
        done = double.decide(AN, case.id, draft)
        return done.decision_id, done.replayed

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(send, range(8)))

    assert len({x for x, _ in answers}) == 1
    assert sorted(x for _, x in answers) == [False] + [True] * 7
    assert len(double.decisions(case.id)) == 1


def test_the_share_of_double_reviews(database: Database) -> None:
    """As many first answers are asked twice as the policy says, by chance."""
    database.migrate()
    half = floor_of(database, double=0.5)
    cases, chance = open_cases(database, 60), Random(7)

    for case in cases:
        token = half.take(AN, case.id).token
        half.decide(AN, case.id, replace(UPHELD, token=token), chance=chance)

    n_double = sum(half.case(x.id).stage == "second" for x in cases)
    assert 18 < n_double < 42


def test_the_lot_is_drawn_once(double: Floor) -> None:
    """Who undoes an answer and gives it again cannot get out of a second opinion."""
    case = open_cases(double.database, 1)[0]
    first = double.answer(AN, case.id, UPHELD)
    token = double.undo(AN, first.decision_id).token
    never = floor_of(double.database, double=0)

    done = never.decide(AN, case.id, replace(DISMISSED, token=token))

    assert done.stage_next == "second"
    assert not draw_double([], 0, Random(1))


def test_a_golden_item(double: Floor) -> None:
    """Its answer is kept, decides nothing, and looks to its person like any other."""
    with double.database.work("system", now=double.now) as work:
        golden_id = add_golden(work.session)
        case = open_case(work.session, golden_id=golden_id)
        token = hold(work.session, case, AN)
        work.commit()

    done = double.decide(AN, case.id, replace(DISMISSED, token=token))

    (made,) = double.decisions(case.id)
    after = double.case(case.id)
    assert (done.is_final, done.stage_next) == (True, None)
    assert (made.stage, made.is_final) == ("golden", False)
    assert made.facts["golden"] == golden_id
    assert (after.state, after.decision_id) == ("decided", None)
