"""Statements of reasons are what the database of the EU takes, and of no person."""

import re
from dataclasses import asdict
from datetime import UTC, datetime, timedelta

import pytest

from kiemtin.labels import Label
from serving.db.exports import Restriction
from serving.review.outcomes import UPHOLDING, Origin
from serving.review.policy import ReviewPolicy
from serving.review.statements import (
    CATEGORIES,
    SOURCES,
    TERRITORIES,
    VISIBILITIES,
    Statement,
    statement_of,
    statements,
)
from tests.fixtures.cases import AN, LEAD, NOW, TEXT, open_case, open_cases
from tests.fixtures.deciding import DISMISSED, UPHELD, Floor

SINCE, UNTIL = NOW - timedelta(days=1), NOW + timedelta(days=2)
POLICY = ReviewPolicy.read()


def told(floor: Floor) -> list[Statement]:
    """Return the statements of the days around the test."""
    with floor.database.session() as session:
        return list(statements(session, floor.policy, SINCE, UNTIL))


def restriction(**changes: object) -> Restriction:
    """Return a post that a decision restricts."""
    row: dict[str, object] = {
        "at": NOW,
        "decision_id": "dec_1",
        "post_id": "post_1",
        "content_at": NOW - timedelta(days=3),
        "language": "vi",
        "outcome": "takedown",
        "labels": ["scam"],
        "clause": "scam.fraud",
        "reason_code": "clear_violation",
        "n_posts": 1,
        "facts": {"origin": "pipeline", "flagged": ["scam", "spam"]},
    }
    return Restriction(**row | changes)  # type: ignore[arg-type] # columns


def test_a_statement() -> None:
    """The fields and their values are those of the API, version 2."""
    assert asdict(statement_of(restriction(), POLICY, ["DE", "FR"])) == {
        "decision_visibility": ["DECISION_VISIBILITY_CONTENT_REMOVED"],
        "decision_visibility_other": None,
        "decision_ground": "DECISION_GROUND_INCOMPATIBLE_CONTENT",
        "incompatible_content_ground": "scam.fraud: Fraud for money or data",
        "incompatible_content_explanation": "clear_violation: A clear violation",
        "content_type": ["CONTENT_TYPE_TEXT"],
        "category": "STATEMENT_CATEGORY_SCAMS_AND_FRAUD",
        "category_addition": [],
        "category_specification": [],
        "territorial_scope": ["DE", "FR"],
        "content_language": "VI",
        "content_date": "2026-11-20",
        "application_date": "2026-11-23",
        "decision_facts": "Found in our own monitoring; a model flagged it as scam, spam. "
        "A person looked at it and upheld scam. Nothing was decided by a machine.",
        "source_type": "SOURCE_VOLUNTARY",
        "source_identity": None,
        "automated_detection": "Yes",
        "automated_decision": "AUTOMATED_DECISION_NOT_AUTOMATED",
        "puid": "dec_1-post_1",
    }


def test_every_word_of_ours_has_one_of_theirs() -> None:
    """No outcome, label or origin is without its place in the statement."""
    assert set(VISIBILITIES) == set(UPHOLDING)
    assert set(CATEGORIES) == set(Label)
    assert set(SOURCES) == set(Origin)
    assert len(TERRITORIES) == 30


def test_no_category_speaks_of_politics() -> None:
    """What is unreliable is not said to bear on elections."""
    assert not any("CIVIC" in x for x in CATEGORIES.values())


def test_several_labels() -> None:
    """The gravest is the category, the others are added, none twice."""
    found = statement_of(
        restriction(labels=["unreliable", "abusive", "hate", "spam"]), POLICY
    )

    assert found.category == "STATEMENT_CATEGORY_ILLEGAL_OR_HARMFUL_SPEECH"
    assert found.category_addition == [
        "STATEMENT_CATEGORY_CYBER_VIOLENCE",
        "STATEMENT_CATEGORY_OTHER_VIOLATION_TC",
    ]
    assert found.category_specification == [
        "KEYWORD_CYBER_HARASSMENT",
        "KEYWORD_MISINFORMATION_DISINFORMATION",
    ]


def test_what_is_corrected_is_explained() -> None:
    """Where the database has no word for it, it asks for ours."""
    found = statement_of(restriction(outcome="correct"), POLICY)

    assert found.decision_visibility == ["DECISION_VISIBILITY_OTHER"]
    assert found.decision_visibility_other


@pytest.mark.parametrize(
    ("facts", "source", "identity", "detected"),
    [
        ({"origin": "pipeline", "flagged": []}, "SOURCE_VOLUNTARY", None, "No"),
        ({"origin": "user_report", "flagged": ["scam"]}, "SOURCE_ARTICLE_16", None, "No"),
        ({"origin": "authority"}, "SOURCE_TYPE_OTHER_NOTIFICATION", "A public authority", "No"),
    ],
)  # fmt: skip
def test_where_it_came_from(
    facts: dict[str, object], source: str, identity: str | None, detected: str
) -> None:
    """What a user or an authority pointed out was not found by a machine."""
    found = statement_of(restriction(facts=facts), POLICY)

    assert (found.source_type, found.source_identity) == (source, identity)
    assert (found.automated_detection, found.content_language) == (detected, "VI")


def test_a_rule_that_the_policy_has_no_longer() -> None:
    """A decision outlives the words of its rule: then its code stands alone."""
    found = statement_of(restriction(clause="old.rule", reason_code="old"), POLICY)

    assert found.incompatible_content_ground == "old.rule"
    assert found.incompatible_content_explanation == "old"


def test_a_post_that_says_it_is_older_than_the_web() -> None:
    """The database takes no content from before 2000."""
    found = restriction(content_at=datetime(1970, 1, 1, tzinfo=UTC))

    assert statement_of(found, POLICY).content_date == "2000-01-01"


def test_each_copy_has_its_statement(floor: Floor) -> None:
    """One decision restricts all copies, also those that come after it."""
    case = open_cases(floor.database, 1, n_posts=3)[0]
    floor.answer(AN, case.id, UPHELD)
    with floor.database.session() as session:
        later = open_case(session, created_at=NOW + timedelta(days=1))
        session.connection().exec_driver_sql(
            f"UPDATE posts SET case_id = '{case.id}' WHERE id = '{later.post_id}'"  # noqa: S608 -- ours
        )
        session.commit()

    found = told(floor)

    assert len({x.puid for x in found}) == 4
    assert all(re.fullmatch(r"[a-zA-Z0-9_-]{1,500}", x.puid) for x in found)
    assert [x.application_date for x in found] == ["2026-11-23"] * 3 + ["2026-11-24"]
    assert "3 copies" in found[0].decision_facts


def test_only_what_stands_and_restricts(floor: Floor) -> None:
    """A dismissal, a reversed decision and a golden item restrict nobody."""
    dismissed, reversed_, golden = open_cases(floor.database, 3)
    floor.answer(AN, dismissed.id, DISMISSED)
    made = floor.answer(AN, reversed_.id, UPHELD).decision_id
    floor.reverse(LEAD, made, reopen=False)
    floor.take(AN, golden.id)

    assert told(floor) == []


def test_a_first_answer_restricts_nobody(double: Floor) -> None:
    """A decision of which a second opinion is asked does not stand yet."""
    case = open_cases(double.database, 1)[0]
    double.answer(AN, case.id, UPHELD)

    assert told(double) == []


def test_more_than_a_page(floor: Floor) -> None:
    """However many posts a decision is for, each has one statement."""
    case = open_cases(floor.database, 1, n_posts=250)[0]
    floor.answer(AN, case.id, UPHELD)

    assert len({x.puid for x in told(floor)}) == 250


def test_nobody_is_named(floor: Floor) -> None:
    """Neither a reviewer, an author, nor a word of the post is in a statement."""
    case = open_cases(floor.database, 1, author="a" * 64)[0]
    floor.answer(AN, case.id, UPHELD)

    written = str(told(floor))

    assert "rev_" not in written
    assert "a" * 64 not in written
    assert not any(word in written for word in TEXT.split() if len(word) > 4)
