"""Lists of cases, and the policy that sorted them."""

from datetime import timedelta
from typing import Any

import pytest

from serving.review.policy import ReviewPolicy
from tests.fixtures.cases import NOW, TEXT, open_cases, quiet_policy
from tests.fixtures.review_client import Office


def _ids(r: Any) -> list[str]:
    assert r.status_code == 200, r.text
    return [x["id"] for x in r.json()["cases"]]


def test_newest_first_page_by_page(office: Office) -> None:
    """Each case is listed once, also those of one moment, and one that came meanwhile."""
    cases = [
        open_cases(office.database, 1, created_at=NOW + timedelta(hours=n // 2))[0]
        for n in range(7)
    ]
    found: list[str] = []
    cursor: dict[str, str] = {}

    while True:
        r = office.get("an", "/v1/cases", params={"limit": 2, **cursor})
        found += _ids(r)
        if len(found) == 2:
            open_cases(office.database, 1, created_at=NOW + timedelta(days=1))
        if r.json()["next_cursor"] is None:
            break
        cursor = {"cursor": r.json()["next_cursor"]}

    by_age = sorted(cases, key=lambda x: (x.created_at, x.id), reverse=True)
    assert found == [x.id for x in by_age]


def test_a_list_has_no_texts(office: Office) -> None:
    """Lists are read without an audit, so they quote nothing."""
    open_cases(office.database, 1)

    r = office.get("an", "/v1/cases")

    assert TEXT[:10] not in r.text
    line = r.json()["cases"][0]
    assert (line["is_held"], line["is_mine"], line["label"]) == (False, False, "scam")


@pytest.mark.parametrize(
    ("asked", "n"),
    [
        ({}, 4),
        ({"queue": "abuse"}, 1),
        ({"queue": "none"}, 0),
        ({"state": "decided"}, 1),
        ({"state": "open"}, 3),
        ({"label": "hate"}, 1),
        ({"origin": "authority"}, 1),
        ({"state": "open", "label": "scam", "queue": "scam"}, 1),
    ],
)
def test_filters(office: Office, asked: dict[str, str], n: int) -> None:
    """Only those are listed that were asked for."""
    open_cases(office.database, 1)
    open_cases(office.database, 1, state="decided")
    open_cases(office.database, 1, queue="abuse", label="hate", flagged=["hate"])
    open_cases(office.database, 1, queue="other", origin="authority")

    assert len(_ids(office.get("an", "/v1/cases", params=asked))) == n


@pytest.mark.parametrize(
    "asked",
    [
        {"state": "closed"},
        {"label": "politics"},
        {"origin": "x"},
        {"limit": 0},
        {"limit": 101},
        {"cursor": "x"},
    ],
)
def test_what_cannot_be_asked(office: Office, asked: dict[str, Any]) -> None:
    """A filter that nothing could match is refused, not answered with nothing."""
    r = office.get("an", "/v1/cases", params=asked)

    assert r.status_code == 422


def test_only_their_own_queues(office: Office) -> None:
    """Whoever works in one queue is listed that one."""
    open_cases(office.database, 1, queue="scam")
    abuse = open_cases(office.database, 1, queue="abuse")[0]

    assert _ids(office.get("chi", "/v1/cases")) == [abuse.id]


def test_a_list_does_not_unblind(office: Office) -> None:
    """Whoever decides blind does not find the label in the list; others do."""
    open_cases(office.database, 1)
    office.app.state.review_policy = quiet_policy(blind=1)
    blind = office.post("an", "/v1/reviews:next").json()
    office.app.state.review_policy = quiet_policy()

    mine = office.get("an", "/v1/cases").json()["cases"][0]
    theirs = office.get("binh", "/v1/cases").json()["cases"][0]

    assert (blind["lease"]["is_blind"], blind["case"]["labels"]) == (True, None)
    assert (mine["label"], mine["flagged"], mine["is_mine"]) == (None, [], True)
    assert (theirs["label"], theirs["is_held"]) == ("scam", True)


def test_the_policy_is_shown(office: Office) -> None:
    """Queues with their rules, clauses, reasons and the digest that decisions carry."""
    policy: ReviewPolicy = office.app.state.review_policy

    shown = office.get("pipeline", "/v1/policies").json()["review"]

    assert (shown["version"], shown["digest"]) == (policy.version, policy.digest)
    assert [x["name"] for x in shown["queues"]] == [x.name for x in policy.queues]
    assert shown["queues"][0]["recommendations"] == ["review_urgent"]
    assert {x["code"] for x in shown["reasons"]} == {x.code for x in policy.reasons}
    assert shown["lease"] == policy.lease.model_dump()
