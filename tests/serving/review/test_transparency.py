"""A transparency report says what was done, apart what must be, and names nobody."""

import csv
import json
from dataclasses import asdict, replace
from datetime import timedelta
from io import StringIO

import pytest

from serving.db import Case, Decision, Decisions
from serving.review import goldens
from serving.review.appealing import answer, file
from serving.review.counting import Proportion
from serving.review.figures import Report
from serving.review.people import Reviewer
from serving.review.rows import HEADER, report_csv
from serving.review.transparency import report
from tests.fixtures.cases import (
    AN,
    BINH,
    LEAD,
    NOW,
    TEXT,
    add_report,
    open_case,
    open_cases,
)
from tests.fixtures.deciding import DISMISSED, SATIRE, UPHELD, Floor

SINCE, UNTIL = NOW - timedelta(days=1), NOW + timedelta(days=2)
CLOCK = (NOW + timedelta(hours=24)).isoformat()


def told(floor: Floor) -> Report:
    """Return the report of the days around the test."""
    with floor.database.session() as session:
        return report(session, SINCE, UNTIL)


def opened(floor: Floor, **changes: object) -> Case:
    """Open a case, which is committed."""
    return open_cases(floor.database, 1, **changes)[0]


def test_nothing_was_done(floor: Floor) -> None:
    """A time without anything in it has zeros, and shares of nothing."""
    found = told(floor)

    assert found.posts.n_received == found.cases.n_opened == found.decisions.n == 0
    assert found.decisions.counts == ()
    assert found.decisions.times["all"].median_receipt_s is None
    assert found.precision["all"] == found.missed == Proportion(0, 0)
    assert set(found.requests) == {"user_report", "authority"}


def test_decisions_are_counted_by_what_they_say(floor: Floor) -> None:
    """By label, outcome and reason; copies are counted beside."""
    three, one, satire = opened(floor, n_posts=3), opened(floor), opened(floor)
    for case in (three, one):
        floor.answer(AN, case.id, UPHELD)
    floor.answer(BINH, satire.id, SATIRE)

    made = told(floor).decisions

    assert [(x.label, x.kind, x.outcome, x.reason_code, x.n, x.n_posts) for x in made.counts] == [
        ("scam", "dismiss", "satire", "satire_or_humour", 1, 1),
        ("scam", "uphold", "takedown", "clear_violation", 2, 4),
    ]  # fmt: skip
    assert (made.n, made.n_posts, made.n_upheld, made.n_dismissed) == (3, 5, 2, 1)
    assert made.n_protected == 1


def test_times_are_medians(floor: Floor) -> None:
    """From the receipt of a post, and from when somebody took it; also by origin."""
    for minutes in (10, 20, 90):
        case = opened(floor, origin="user_report" if minutes == 90 else "pipeline")
        floor.now = NOW + timedelta(minutes=minutes)
        token = floor.take(AN, case.id).token
        floor.wait(seconds=minutes)
        floor.decide(AN, case.id, replace(UPHELD, token=token))

    times = told(floor).decisions.times

    assert (times["all"].n, times["all"].median_lease_s) == (3, 20)
    assert times["all"].median_receipt_s == 20 * 60 + 20
    assert times["user_report"].median_receipt_s == 90 * 60 + 90
    assert times["authority"].n == 0


def test_posts_by_origin_and_who_was_seen(floor: Floor) -> None:
    """What nobody looked at is said, and what was seen only as a copy."""
    seen = opened(floor, n_posts=3)
    opened(floor, n_posts=2, origin="authority", clocks={"authority": CLOCK})
    floor.take(AN, seen.id)

    posts = told(floor).posts

    assert posts.n_received == 5
    assert posts.by_origin == {"pipeline": 3, "user_report": 0, "authority": 2}
    assert posts.never_seen == Proportion(5, 2)
    assert posts.n_copies_seen == 2


def test_machine_flags_are_told_from_reports_of_users(floor: Floor) -> None:
    """Flagged, reported, both; and what brought each case."""
    flagged = opened(floor)
    reported = opened(floor, flagged=[], recommendation="none", origin="user_report")
    opened(floor, flagged=[], recommendation="none", is_audit=True)
    with floor.database.session() as session:
        add_report(session, flagged, external_id="1")
        add_report(session, reported, external_id="2")
        add_report(session, reported, external_id="3")
        session.commit()

    found = told(floor)

    assert (found.posts.n_flagged, found.posts.n_reported) == (1, 2)
    assert found.posts.n_flagged_and_reported == 1
    assert found.cases.by_source == {
        "machine": 1, "user_report": 1, "authority": 0, "audit": 1,
    }  # fmt: skip


def test_requests_of_authorities_are_their_own(floor: Floor) -> None:
    """How many there were, what they were answered, and whether in time."""
    clocks = {"authority": CLOCK}
    in_time = opened(floor, origin="authority", clocks=clocks)
    late = opened(floor, clocks=clocks)  # the pipeline had it before
    opened(floor, origin="authority", clocks=clocks)
    opened(floor)
    floor.answer(AN, in_time.id, DISMISSED)
    floor.wait(hours=25)
    floor.answer(AN, late.id, UPHELD)

    asked = told(floor).requests["authority"]

    assert (asked.n_cases, asked.n_open, asked.n_upheld, asked.n_dismissed) == (3, 1, 1, 1)  # fmt: skip
    assert asked.outcomes == {"benign": 1, "takedown": 1}
    assert asked.on_time == Proportion(2, 1)
    assert told(floor).requests["user_report"].n_cases == 0


def test_what_was_taken_back(floor: Floor) -> None:
    """Reversals are counted; a slip that was undone at once is no decision at all."""
    reversed_, undone = opened(floor), opened(floor)
    floor.reverse(LEAD, floor.answer(AN, reversed_.id, UPHELD).decision_id)
    floor.undo(AN, floor.answer(AN, undone.id, UPHELD).decision_id)

    made = told(floor).decisions

    assert (made.n, made.reversed, made.n_reversals) == (1, Proportion(1, 1), 1)


def test_answers_that_settle_nothing_are_no_decisions(double: Floor) -> None:
    """Of a double review there is one decision."""
    case = opened(double)
    for who in (AN, BINH):
        double.answer(who, case.id, UPHELD)

    assert told(double).decisions.n == 1


def test_appeals(floor: Floor) -> None:
    """How many were filed, are open, were overturned; the last by label."""
    cases = [opened(floor) for _ in range(3)]
    made = [floor.answer(AN, x.id, UPHELD).decision_id for x in cases]
    filed = []
    for x in made:
        with floor.database.work("rev_client", now=floor.now) as work:
            filed.append(file(work, x, "đó là đùa", None, "rev_client"))
            work.commit()
    for one, verdict in zip(filed, ("upheld", "overturned"), strict=False):
        with floor.database.work(LEAD.person, now=floor.now) as work:
            answer(work, floor.policy, LEAD, one.id, verdict, "vâng")  # type: ignore[arg-type] # two of three
            work.commit()

    appeals = told(floor).appeals

    assert (appeals.n_filed, appeals.n_open) == (3, 1)
    assert appeals.answered.overall == Proportion(2, 1)
    assert appeals.answered.labels == {"scam": Proportion(2, 1)}


def add_decision(floor: Floor, who: Reviewer, case: Case, **changes: object) -> None:
    """Let *who* decide *case*, which came to them at random."""
    made = floor.decision(floor.answer(who, case.id, UPHELD).decision_id)
    facts = made.facts | {"drawn": "random"}
    changed: Decision = replace(
        made, id=Decisions.new_id(), **{"facts": facts, **changes}  # type: ignore[arg-type] # columns
    )  # fmt: skip
    with floor.database.session() as session:
        Decisions(session).add(changed)
        session.commit()


def test_precision_is_of_what_was_drawn_at_random(floor: Floor) -> None:
    """The order of the queue must not make the model look better than it is."""
    add_decision(floor, AN, opened(floor))
    add_decision(floor, AN, opened(floor), kind="dismiss", outcome="benign", labels=[])
    add_decision(floor, AN, opened(floor, flagged=["scam", "spam"]), labels=["scam"])

    precision = told(floor).precision

    assert precision["all"] == precision["scam"] == Proportion(3, 2)
    assert precision["spam"] == Proportion(1, 0)
    assert precision["hate"] == Proportion(0, 0)
    assert precision["all"].interval == pytest.approx((0.2077, 0.9385), abs=1e-4)


def test_random_posts_are_counted_apart(floor: Floor) -> None:
    """What was drawn to find misses says how many there are, and nothing else."""
    for draft in (UPHELD, DISMISSED, DISMISSED):
        case = opened(floor, flagged=[], recommendation="none", is_audit=True)
        floor.answer(AN, case.id, draft)

    found = told(floor)

    assert found.missed == Proportion(3, 1)
    assert (found.decisions.n, found.decisions.counts) == (0, ())


def test_golden_items_are_counted_apart(floor: Floor) -> None:
    """An answer to a golden item is neither a case nor a decision of the report."""
    case = opened(floor)
    made = floor.decision(floor.answer(AN, case.id, UPHELD).decision_id)
    with floor.database.work(LEAD.person, now=floor.now) as work:
        golden = goldens.make(work, LEAD, case.id)
        for kind in ("uphold", "dismiss"):
            copy = open_case(work.session, golden_id=golden.id)
            answered = replace(
                made, id=Decisions.new_id(), case_id=copy.id, kind=kind, stage="golden",
                is_final=False, facts=made.facts | {"golden": golden.id},
            )  # fmt: skip
            Decisions(work.session).add(answered)
        work.commit()

    found = told(floor)

    assert found.goldens == Proportion(2, 1)
    assert (found.cases.n_opened, found.decisions.n) == (1, 1)


def test_only_what_is_in_the_time(floor: Floor) -> None:
    """From the first moment to before the last one."""
    case = opened(floor)
    floor.answer(AN, case.id, UPHELD)

    with floor.database.session() as session:
        empty = report(session, SINCE, NOW)
        full = report(session, NOW, NOW + timedelta(microseconds=1))

    assert (empty.decisions.n, empty.cases.n_opened, empty.posts.n_received) == (0, 0, 0)  # fmt: skip
    assert (full.decisions.n, full.cases.n_opened, full.posts.n_received) == (1, 1, 1)


def test_more_than_is_read_at_once(floor: Floor) -> None:
    """Rows of one moment are all counted, each once, however many there are."""
    case = opened(floor)
    made = floor.decision(floor.answer(AN, case.id, UPHELD).decision_id)
    with floor.database.session() as session:
        for _ in range(2_050):
            Decisions(session).add(replace(made, id=Decisions.new_id()))
            open_case(session)
        session.commit()
        found = report(session, SINCE, UNTIL)

    assert found.decisions.n == 2_051
    assert found.cases.n_opened == 2_051


def test_nobody_is_named(floor: Floor) -> None:
    """Neither a pseudonym nor a text is in the report, whatever its form."""
    case = opened(floor)
    floor.answer(AN, case.id, replace(UPHELD, note="ghi chú"))

    found = told(floor)
    written = json.dumps(asdict(found), default=str) + report_csv(found)

    assert "rev_" not in written
    assert TEXT[:10] not in written
    assert "ghi chú" not in written


def test_rows_for_a_spreadsheet(floor: Floor) -> None:
    """Every row has one number, and what it is of."""
    floor.answer(AN, opened(floor).id, UPHELD)

    rows = list(csv.reader(StringIO(report_csv(told(floor)))))

    assert tuple(rows[0]) == HEADER
    assert {len(x) for x in rows} == {len(HEADER)}
    assert ["decisions", "", "scam", "uphold", "takedown", "clear_violation", "made", "1"] in rows  # fmt: skip
    assert ["posts", "pipeline", "", "", "", "", "received", "1"] in rows
