"""What a reviewer must not see of a case."""

from collections.abc import Sequence
from dataclasses import fields, replace
from typing import Any

from serving.db import Audit, Database
from tests.fixtures.cases import (
    AN,
    BINH,
    CHI,
    LEAD,
    NOW,
    TEXT,
    add_golden,
    open_cases,
    quiet_policy,
)
from tests.fixtures.deciding import SATIRE, UPHELD, Floor
from tests.fixtures.desks import comment, see, serve

CHI_EVERYWHERE = replace(CHI, queues=None)


def test_a_blind_lease_hides_what_the_model_says(migrated: Database) -> None:
    """Its holder sees the post alone; scores, marks, flags and priority are not sent."""
    case = open_cases(migrated, 1)[0]
    serve(migrated, quiet_policy(blind=1))

    blind, open_ = see(migrated, case), see(migrated, case, BINH)

    assert (blind.is_blind, blind.text) == (True, TEXT)
    assert (blind.labels, blind.label, blind.priority) == (None, None, None)
    assert (list(blind.flagged), list(blind.marks)) == ([], [])
    assert not open_.is_blind
    assert open_.labels


def test_a_lead_is_never_blind(migrated: Database) -> None:
    """Who settles a disagreement sees all of it."""
    case = open_cases(migrated, 1, stage="adjudication")[0]
    serve(migrated, quiet_policy(blind=1), LEAD)

    assert not see(migrated, case, LEAD).is_blind


def test_scores_are_shown_after_a_blind_decision(floor: Floor) -> None:
    """Whoever decided blind may see then what the model said."""
    case = open_cases(floor.database, 1)[0]
    floor.policy = quiet_policy(blind=1)
    floor.answer(AN, case.id, UPHELD)

    shown = see(floor.database, case)

    assert (shown.is_blind, shown.label) == (False, "scam")
    assert [x.outcome for x in shown.decisions] == ["takedown"]


def test_the_second_does_not_see_the_first(double: Floor) -> None:
    """Nothing tells another person what was answered; who answered sees it."""
    case = open_cases(double.database, 1)[0]
    double.take(AN, case.id)
    comment(double.database, AN, case, "rõ ràng là lừa đảo")
    comment(double.database, CHI_EVERYWHERE, case, "đã gặp hôm qua")
    double.decide(AN, case.id, UPHELD)

    second, lead, first = (see(double.database, case, x) for x in (BINH, LEAD, AN))

    for shown in (second, lead):
        assert (shown.stage, list(shown.decisions)) == ("second", [])
        assert [x.text for x in shown.comments] == ["đã gặp hôm qua"]
        assert not [x for x in shown.history if x.action.startswith("decision.")]
    assert [x.outcome for x in first.decisions] == ["takedown"]


def test_after_the_second_all_is_seen(double: Floor) -> None:
    """Who adjudicates sees both answers."""
    case = open_cases(double.database, 1)[0]
    double.answer(AN, case.id, UPHELD)
    double.answer(BINH, case.id, SATIRE)

    shown = see(double.database, case, LEAD)

    assert shown.stage == "adjudication"
    assert [x.outcome for x in shown.decisions] == ["takedown", "satire"]
    assert [x.action for x in shown.history].count("decision.make") == 2


def test_a_golden_item_cannot_be_told(floor: Floor) -> None:
    """Before and after the answer its view has nothing that a real case has not."""
    real = open_cases(floor.database, 1, queue="scam")[0]
    with floor.database.work("rev_lead", now=NOW) as work:
        add_golden(work.session)
        work.commit()
    golden_id = serve(floor.database, quiet_policy(golden=1))
    with floor.database.session() as session:
        (act,) = (x.act for x in Audit(session).of(golden_id))
    assert act.detail["drawn"] == "golden"
    floor.decide(AN, golden_id, UPHELD)
    floor.answer(AN, real.id, UPHELD)

    golden, other = see(floor.database, golden_id), see(floor.database, real)

    for x in ("state", "stage", "text", "queue", "label", "flagged", "labels"):
        assert getattr(golden, x) == getattr(other, x)
    assert (golden.origins, golden.version) == (other.origins, other.version)
    assert _without_ids(golden.history) == _without_ids(other.history)
    assert _without_ids(golden.decisions) == _without_ids(other.decisions)
    assert golden.decision_id == golden.decisions[0].id


def _without_ids(rows: Sequence[Any]) -> list[dict[str, Any]]:
    return [
        {x.name: getattr(row, x.name) for x in fields(row) if x.name != "id"}
        for row in rows
    ]
