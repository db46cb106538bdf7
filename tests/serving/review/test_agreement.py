"""How far people agree, counted from what they decided."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from serving.db import AnsweredAppeal, Database, Decision, Decisions
from serving.review.agreement import Agreement, agreement
from serving.review.counting import Alpha, Proportion
from serving.review.deciding import Draft
from serving.review.outcomes import Outcome
from serving.review.overturns import overturns_of
from tests.fixtures.cases import (
    AN,
    BINH,
    LEAD,
    NOW,
    add_golden,
    hold,
    open_case,
    open_cases,
    quiet_policy,
)
from tests.fixtures.deciding import DISMISSED, UPHELD, Floor

DAY = timedelta(days=1)


def counted(
    database: Database, since: datetime = NOW - DAY, until: datetime = NOW + DAY
) -> Agreement:
    """Return what is counted of a time."""
    with database.session() as session:
        return agreement(session, quiet_policy(double=0.1), since, until)


def write(database: Database, *said: dict[str, Any]) -> None:
    """Write decisions as they would have been made, each on a case of its own."""
    with database.work("system", now=NOW) as work:
        for number, changes in enumerate(said):
            row: dict[str, Any] = {
                "id": Decisions.new_id(),
                "case_id": f"case_{number}",
                "post_id": f"post_{number}",
                "kind": "uphold",
                "outcome": "takedown",
                "labels": ["scam"],
                "clause": "scam.fraud",
                "reason_code": "clear_violation",
                "note": None,
                "stage": "first",
                "is_final": True,
                "is_blind": False,
                "person": AN.person,
                "lease_token": 1,
                "n_posts": 1,
                "text_digest": "d" * 64,
                "model_digest": "sha256:m",
                "policy_version": "p",
                "review_policy_digest": "r",
                "scores": {},
                "facts": {"flagged": ["scam"], "drawn": "priority"},
                "created_at": NOW,
            }
            Decisions(work.session).add(Decision(**row | changes))
        work.commit()


BENIGN: dict[str, Any] = {
    "kind": "dismiss",
    "outcome": "benign",
    "labels": [],
    "clause": None,
}
RANDOM: dict[str, Any] = {"facts": {"flagged": ["scam"], "drawn": "random"}}


def test_two_people_who_answer_twelve_cases(double: Floor) -> None:
    """Ben and Gerry of Krippendorff's paper, as reviewers: alpha is 0.692."""
    drafts = {
        "a": UPHELD,
        "b": DISMISSED,
        "c": _as("opinion", "opinion_or_criticism"),
        "d": _as("reporting", "reports_on_it"),
        "e": _as("satire", "satire_or_humour"),
    }
    cases = open_cases(double.database, 12)
    for case, one, other in zip(cases, "aabbdcccedda", "babbbccceddd", strict=True):
        double.answer(AN, case.id, drafts[one])
        double.answer(BINH, case.id, drafts[other])

    found = counted(double.database)

    assert found.outcomes.n_pairs == 12
    assert round(found.outcomes.value or 0, 3) == 0.692
    kinds = list(zip("110000000001", "010000000000", strict=True))
    assert found.kinds == Alpha.of(kinds)
    assert found.labels["scam"] == found.kinds
    assert found.labels["hate"] == Alpha(12, None)
    assert [x.person for x in found.people] == [AN.person, BINH.person]
    assert {x.alpha for x in found.people} == {found.kinds}


def _as(outcome: str, reason: str) -> Draft:
    return replace(DISMISSED, outcome=Outcome(outcome), reason_code=reason)


def test_what_a_lead_says_is_no_agreement(double: Floor) -> None:
    """Only the two who did not see one another are compared."""
    case = open_cases(double.database, 1)[0]
    double.answer(AN, case.id, UPHELD)
    double.answer(BINH, case.id, DISMISSED)
    double.answer(LEAD, case.id, UPHELD)

    found = counted(double.database)

    assert found.kinds.n_pairs == 1
    assert [x.alpha.n_pairs for x in found.people] == [1, 1, 0]


def test_an_undone_answer_is_none(double: Floor) -> None:
    """What a person took back themselves counts neither for nor against anybody."""
    case = open_cases(double.database, 1)[0]
    made = double.answer(AN, case.id, UPHELD).decision_id
    double.undo(AN, made)

    found = counted(double.database)

    assert found.people == []
    assert found.sight["seen"] == Proportion(0, 0)


def test_golden_items(floor: Floor) -> None:
    """An answer is right with the kind, and one of the labels where it upholds."""
    with floor.database.work("system", now=NOW) as work:
        scam = add_golden(work.session)
        fine = add_golden(work.session, kind="dismiss", labels=[])
        hate = add_golden(work.session, labels=["hate"])
        cases = [open_case(work.session, golden_id=x) for x in (scam, fine, hate)]
        for x in cases:
            hold(work.session, x, AN)
        work.commit()
    for x in cases:
        floor.decide(AN, x.id, UPHELD)

    (person,) = counted(floor.database).people

    assert person.golden == Proportion(3, 1)
    assert (person.n_decisions, person.median_s) == (0, None)


def test_reversals_and_times(floor: Floor) -> None:
    """Of each person: how much was reversed, on how many days, how long it took."""
    cases = open_cases(floor.database, 3)
    made = [floor.answer(AN, x.id, UPHELD).decision_id for x in cases[:2]]
    floor.wait(days=1)
    floor.answer(AN, cases[2].id, DISMISSED)
    floor.reverse(LEAD, made[0])

    (person,) = counted(floor.database, until=NOW + 2 * DAY).people

    assert person.reversed == Proportion(3, 1)
    assert (person.n_decisions, person.n_days, person.median_s) == (3, 2, 12.5)


def test_a_time_has_an_end(floor: Floor) -> None:
    """What is decided at its end is not in it, what is at its beginning is."""
    case = open_cases(floor.database, 1)[0]
    floor.answer(AN, case.id, UPHELD)

    assert len(counted(floor.database, NOW, NOW + DAY).people) == 1
    assert counted(floor.database, NOW - DAY, NOW).people == []


def test_precision_is_of_what_was_drawn_at_random(database: Database) -> None:
    """The order of the queue makes flags look better than they are."""
    database.migrate()
    write(
        database,
        {},
        {},
        RANDOM,
        RANDOM | BENIGN,
        RANDOM | BENIGN | {"is_final": False},
        RANDOM | {"labels": ["spam"]},
    )

    found = counted(database)

    assert found.precision["scam"] == Proportion(3, 1)
    assert found.precision["spam"] == Proportion(0, 0)


def test_what_was_reversed_is_no_hit(floor: Floor) -> None:
    """A decision that does not stand says nothing of the flag."""
    case = open_cases(floor.database, 1)[0]
    floor.reverse(LEAD, floor.answer(AN, case.id, UPHELD).decision_id)

    assert counted(floor.database).sources == {}


def test_who_brought_it(database: Database) -> None:
    """Flags of the machine are counted apart from reports and requests."""
    database.migrate()
    unflagged: dict[str, Any] = {"flagged": [], "drawn": "priority"}
    write(
        database,
        {"facts": unflagged | {"flagged": ["scam"], "origin": "authority"}},
        BENIGN | {"facts": unflagged | {"origin": "authority"}},
        {"facts": unflagged | {"origin": "user_report"}},
        {"facts": unflagged | {"origin": "pipeline", "n_reports": 3}},
        BENIGN | {"facts": unflagged | {"origin": "pipeline", "is_audit": True}},
    )

    assert counted(database).sources == {
        "audit": Proportion(1, 0),
        "authority": Proportion(1, 0),
        "machine": Proportion(1, 1),
        "user_report": Proportion(2, 2),
    }


def test_whether_people_follow_the_machine(database: Database) -> None:
    """Who saw the scores is compared with who did not."""
    database.migrate()
    write(
        database,
        {},
        {},
        BENIGN,
        {"is_blind": True},
        BENIGN | {"is_blind": True},
        {"stage": "adjudication", "is_blind": True},
        BENIGN | {"is_blind": True, "facts": {"flagged": []}},
    )

    sight = counted(database).sight

    assert sight == {"blind": Proportion(3, 2), "seen": Proportion(3, 2)}


def test_overturned_appeals() -> None:
    """They are counted by label and by slice, protected speech apart."""

    def appeal(*, granted: bool, outcome: str, next_outcome: str | None) -> Any:
        return AnsweredAppeal(
            is_overturned=granted,
            labels=frozenset({"hate", "abusive"}),
            outcome=outcome,
            facts={"origin": "authority", "language": "vi"},
            next_outcome=next_outcome,
        )

    found = overturns_of(
        [
            appeal(granted=True, outcome="takedown", next_outcome="opinion"),
            appeal(granted=False, outcome="takedown", next_outcome=None),
            appeal(granted=False, outcome="satire", next_outcome=None),
        ]
    )

    assert found.overall == Proportion(3, 1)
    assert found.labels == {"abusive": Proportion(3, 1), "hate": Proportion(3, 1)}
    assert found.slices == {
        "language:vi": Proportion(3, 1),
        "origin:authority": Proportion(3, 1),
        "outcome:satire": Proportion(1, 0),
        "outcome:takedown": Proportion(2, 1),
        "protected": Proportion(2, 1),
    }
