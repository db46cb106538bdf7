"""When a post becomes a case, in which queue, with what priority and clocks."""

import math
from datetime import timedelta
from typing import Any

import pytest

from kiemtin.labels import Label, Recommendation
from serving.db import Database
from serving.review.drafts import Judged, Report
from serving.review.opening import heaviest
from serving.review.outcomes import Origin
from tests.fixtures.arriving import (
    BENIGN,
    NOW,
    POLICY,
    SCAM,
    TEXT,
    Door,
    draft,
    judged,
)


@pytest.fixture
def door(database: Database) -> Door:
    """A way into an empty database of each kind."""
    database.migrate()
    return Door(database)


def _case(door: Door) -> Any:
    (row,) = door.rows("SELECT * FROM cases")
    return row


@pytest.mark.parametrize(
    ("scored", "fields", "opens"),
    [
        (SCAM, {}, True),
        (BENIGN, {}, False),
        (BENIGN, {"origin": Origin.AUTHORITY}, True),
        (BENIGN, {"origin": Origin.USER_REPORT}, False),
        (BENIGN, {"reports": [Report("a", id=str(i)) for i in range(2)]}, False),
        (BENIGN, {"reports": [Report("a", id=str(i)) for i in range(3)]}, True),
    ],
    ids=["flagged", "benign", "authority", "user report", "2 reports", "3 reports"],
)
def test_what_opens_a_case(
    door: Door, scored: Judged, fields: dict[str, Any], *, opens: bool
) -> None:
    """A flag, an authority, or so many users as the policy says."""
    accepted = door.send(draft(**fields), scored)

    assert accepted.opened is opens
    assert (accepted.case_id is not None) is opens


def test_what_the_policy_turns_off(door: Door) -> None:
    """Where nothing opens cases, none is opened."""
    off = {"flagged": False, "reports": 0, "authority": False, "audit_share": 0}
    opening = POLICY.opening.model_copy(update=off)
    door.policy = POLICY.model_copy(update={"opening": opening})
    reports = [Report("a", id=str(i)) for i in range(50)]

    accepted = door.send(draft(origin=Origin.AUTHORITY, reports=reports))

    assert accepted.case_id is None


def test_some_are_drawn_at_random(door: Door) -> None:
    """A share of what nobody flagged is looked at; a flagged one is no audit."""
    door.draw = lambda: POLICY.opening.audit_share / 2

    audit = door.send(draft("một bài viết bình thường"), BENIGN)
    flagged = door.send(draft("một bài viết lừa đảo"), SCAM)

    found = {x["id"]: bool(x["is_audit"]) for x in door.rows("SELECT * FROM cases")}
    assert found == {audit.case_id: True, flagged.case_id: False}


def test_a_case_is_whole(door: Door) -> None:
    """Queue, label, deadline, priority and clock are those of the policy."""
    urgent = judged(
        Label.SPAM, Label.HATE, p=0.8, recommendation=Recommendation.REVIEW_URGENT
    )

    door.send(draft(origin=Origin.AUTHORITY, author_id="a"), urgent)

    case = _case(door)
    assert (case["queue"], case["label"], case["stage"]) == ("urgent", "hate", "first")
    assert (case["state"], case["version"], case["lease_token"]) == ("open", 1, 0)
    assert case["author"] is not None
    assert 0 <= case["chance"] <= 1
    (ends,) = door.rows("SELECT deadline_at, created_at FROM cases")
    assert str(ends["deadline_at"])[:19] == str(NOW + timedelta(hours=4))[:19]
    due_at = NOW + timedelta(hours=POLICY.clock_h.authority)
    assert due_at.isoformat() in str(case["clocks"])


def test_an_origin_is_never_a_reason_to_be_served_earlier(door: Door) -> None:
    """Same text, same score: who asked changes the clock and not the rank."""
    for origin in Origin:
        door.send(draft("quá ngắn để giống ai", origin=origin))

    ranks = {x["rank"] for x in door.rows("SELECT rank FROM cases")}
    assert len(ranks) == 1


def test_copies_raise_the_rank(door: Door) -> None:
    """Spread counts by its logarithm; the clock and the version stay."""
    for _ in range(4):
        before = door.send(draft(TEXT)).case_id

    case = _case(door)
    hours = (NOW + timedelta(hours=24) - NOW).total_seconds() / 3600
    assert (case["id"], case["n_posts"], case["version"]) == (before, 4, 1)
    assert "3.0" in str(case["priority"])
    door.send(draft("một mình"))
    ranks = {x["n_posts"]: x["rank"] for x in door.rows("SELECT * FROM cases")}
    assert ranks[4] - ranks[1] == pytest.approx(math.log2(3))
    assert hours == 24


def test_a_copy_of_what_was_decided_joins(door: Door) -> None:
    """One decision is for copies that come later, too: no new case, not open again."""
    case_id = door.send(draft(TEXT)).case_id
    with door.database.work("rev_1") as work:
        work.session.connection().exec_driver_sql("UPDATE cases SET state = 'decided'")
        work.commit()

    later = door.send(draft(TEXT))

    assert (later.case_id, later.opened) == (case_id, False)
    assert (_case(door)["state"], _case(door)["n_posts"]) == ("decided", 2)


def test_an_authority_copy_starts_its_clock(door: Door) -> None:
    """A request for a copy is owed an answer, though the case is older."""
    door.send(draft(TEXT))
    door.now = NOW + timedelta(hours=5)
    door.send(draft(TEXT, origin=Origin.AUTHORITY))
    door.now = NOW + timedelta(hours=9)
    door.send(draft(TEXT, origin=Origin.AUTHORITY))

    due_at = NOW + timedelta(hours=5 + POLICY.clock_h.authority)
    assert due_at.isoformat() in str(_case(door)["clocks"])


def test_the_heaviest_label() -> None:
    """Probability times severity, among the flagged ones if there are any."""
    scores = {"unreliable": 0.6, "abusive": 0.6, "hate": 0.3, "scam": 0.3, "spam": 0.9}

    assert heaviest(scores, []) == Label.UNRELIABLE
    assert heaviest(scores, ["spam", "hate"]) in {Label.SPAM, Label.HATE}
    assert heaviest({"spam": 0.9, "hate": 0.2}, []) == Label.SPAM
    assert heaviest({}, []) is None


def test_another_language_goes_where_it_is_read(door: Door) -> None:
    """The case says so; the queue is for the policy to choose."""
    door.send(draft(origin=Origin.AUTHORITY), judged(language="other"))

    assert _case(door)["language"] == "other"
