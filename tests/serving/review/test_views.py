"""What a reviewer sees of a case."""

from dataclasses import replace
from datetime import timedelta

import pytest

from kiemtin.labels import Label
from serving.db import Audit, Database
from serving.errors import NotFoundError
from serving.review.scale import NO_SCALE
from serving.review.views import MOST_COPIES, read
from tests.fixtures.cases import (
    AN,
    BINH,
    CHI,
    NOW,
    SCORES,
    TEXT,
    add_report,
    hold,
    open_case,
    open_cases,
)
from tests.fixtures.desks import POLICY, SCALE, comment, see


def test_all_of_a_case(migrated: Database) -> None:
    """The text, why it is here, who else is meant, and what was said of it."""
    with migrated.work("system", now=NOW) as work:
        case = open_case(
            work.session,
            n_posts=3,
            context={"title": "Tin nóng"},
            permalink="https://forum.example/1",
        )
        add_report(work.session, case)
        work.commit()
    comment(migrated, BINH, case, "cùng một số tài khoản")

    shown = see(migrated, case)

    assert (shown.text, shown.context) == (TEXT, {"title": "Tin nóng"})
    assert (shown.permalink, shown.source) == ("https://forum.example/1", "forum")
    assert (shown.state, shown.stage, shown.queue) == ("open", "first", "scam")
    assert [(x.label, x.start, x.end, x.text) for x in shown.marks] == [
        ("scam", 0, 11, TEXT[:11])
    ]
    assert [(x.source, x.id) for x in shown.copies] == [
        ("forum", f"{case.post_id[:-1]}{n}") for n in (1, 2)
    ]
    assert [(x.reason, x.note) for x in shown.reports] == [("scam", "tôi bị lừa rồi")]
    assert [(x.person, x.text) for x in shown.comments] == [
        (BINH.person, "cùng một số tài khoản")
    ]
    assert [(x.action, x.person) for x in shown.history] == [
        ("case.comment", BINH.person)
    ]
    assert (shown.lease, shown.is_blind, list(shown.decisions)) == (None, False, [])


def test_labels_are_held_against_the_policy_that_scored(migrated: Database) -> None:
    """Thresholds and calibration are shown if they are those of the post's own policy."""
    case = open_cases(migrated, 1)[0]

    labels = see(migrated, case).labels
    others = see(migrated, case, scale=replace(SCALE, policy_version="other")).labels
    none = see(migrated, case, scale=NO_SCALE).labels

    assert labels
    assert [x.label for x in labels] == list(Label)
    scam = next(x for x in labels if x.label is Label.SCAM)
    assert (scam.probability, scam.flagged) == (SCORES["scam"], True)
    assert (scam.threshold, scam.urgent, scam.calibration) == (0.5, 0.9, "isotonic")
    assert (
        others
        == none
        == [replace(x, threshold=None, urgent=None, calibration=None) for x in labels]
    )


def test_priority_is_explained(migrated: Database) -> None:
    """Its factors are shown, and their product doubles as the policy says."""
    case = open_cases(migrated, 1)[0]
    doubles = timedelta(hours=POLICY.priority.age_doubles_h)

    now = see(migrated, case, now=case.deadline_at).priority
    later = see(migrated, case, now=case.deadline_at + doubles).priority

    assert now
    assert later
    assert now.factors == {"probability": 0.93, "severity": 3, "spread": 1, "age": 1}
    assert now.value == pytest.approx(0.93 * 3)
    assert later.value == pytest.approx(2 * now.value)


def test_many_copies_are_not_all_shown(migrated: Database) -> None:
    """Their number is told, the first of them are named."""
    case = open_cases(migrated, 1, n_posts=MOST_COPIES + 5)[0]

    shown = see(migrated, case)

    assert (shown.n_posts, len(shown.copies)) == (MOST_COPIES + 5, MOST_COPIES)


def test_a_forgotten_post(migrated: Database) -> None:
    """After its time nothing that quotes the text is shown, and the case still is."""
    case = open_cases(migrated, 1, forgotten_at=NOW)[0]

    shown = see(migrated, case)

    assert (shown.text, list(shown.marks), shown.context) == (None, [], None)
    assert shown.labels


def test_who_has_it(migrated: Database) -> None:
    """Its holder sees the token, others that somebody has it, until the lease ends."""
    case = open_cases(migrated, 1)[0]
    with migrated.work(AN.person, now=NOW) as work:
        token = hold(work.session, case, AN)
        work.commit()

    mine = see(migrated, case).lease
    theirs = see(migrated, case, BINH).lease

    assert mine
    assert theirs
    assert (mine.is_mine, mine.token) == (True, token)
    assert (theirs.is_mine, theirs.token) == (False, None)
    assert see(migrated, case, now=mine.ends_at).lease is None


def test_a_case_of_another_queue(migrated: Database) -> None:
    """It is not there for those who do not work in its queue."""
    case = open_cases(migrated, 1, queue="scam")[0]

    for case_id in (case.id, "case_none"):
        with pytest.raises(NotFoundError):
            see(migrated, case_id, CHI)


def test_reading_is_noted(migrated: Database) -> None:
    """The log says who read a text; the history of the case does not repeat it."""
    case = open_cases(migrated, 1)[0]
    with migrated.work(AN.person, now=NOW) as work:
        read(work, POLICY, AN, case.id)
        work.commit()

    with migrated.session() as session:
        acts = [x.act for x in Audit(session).of(case.id)]
    assert [(x.action, x.actor) for x in acts] == [("case.read", AN.person)]
    assert list(see(migrated, case).history) == []
