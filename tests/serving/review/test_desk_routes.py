"""Claiming cases through the API, and what is done with them."""

from typing import Any

import pytest

from serving.db import Audit
from tests.fixtures.cases import SCORES, TEXT, open_cases
from tests.fixtures.review_client import Office


def test_claim_to_screen(office: Office) -> None:
    """One request gives the lease and all that is shown of the case."""
    case = open_cases(office.database, 2)[0]

    r = office.post("an", "/v1/reviews:next")

    assert r.status_code == 200
    lease, shown = r.json()["lease"], r.json()["case"]
    assert lease.keys() == {
        "case_id",
        "lease_token",
        "ends_at",
        "remaining_s",
        "is_blind",
    }
    assert (lease["case_id"], lease["lease_token"]) == (case.id, 1)
    assert lease["remaining_s"] == 600
    assert (shown["id"], shown["text"]) == (case.id, TEXT)
    assert {x["label"]: x["probability"] for x in shown["labels"]} == SCORES
    assert shown["lease"] == {
        "is_mine": True,
        "lease_token": 1,
        "ends_at": lease["ends_at"],
    }
    assert r.headers["etag"] == f'"{shown["version"]}"' == '"2"'


def test_nothing_waits(office: Office) -> None:
    """An empty queue is no error."""
    r = office.post("an", "/v1/reviews:next", {"queues": ["scam"]})

    assert (r.status_code, r.content) == (204, b"")


def test_how_it_was_drawn_is_not_told(office: Office) -> None:
    """No answer says whether a case was drawn by priority, at random, or golden."""
    open_cases(office.database, 1)

    r = office.post("an", "/v1/reviews:next")

    for word in ("drawn", "golden", "chance", 'priority":"', "is_audit", '"rank"'):
        assert word not in r.text


def test_the_whole_way(office: Office) -> None:
    """Claim, renew, note something, put back; then another person skips and escalates."""
    case = open_cases(office.database, 1)[0]
    path = f"/v1/cases/{case.id}"

    token = office.post("an", f"{path}/claim").json()["lease"]["lease_token"]
    renewed = office.post("an", f"{path}/renew", {"lease_token": token})
    noted = office.post("an", f"{path}/comments", {"text": "xem lại"})
    released = office.post("an", f"{path}/release", {"lease_token": token})
    token = office.post("binh", f"{path}/claim").json()["lease"]["lease_token"]
    skip = {"lease_token": token, "reason": "too_close"}
    skipped = office.post("binh", f"{path}/skip", skip)
    token = office.post("an", "/v1/reviews:next").json()["lease"]["lease_token"]
    escalate = {"lease_token": token, "reason": "needs_a_lead", "note": "khó"}
    escalated = office.post("an", f"{path}/escalate", escalate)

    assert renewed.json()["lease_token"] == 1
    assert (noted.status_code, noted.json()["id"][:4]) == (201, "com_")
    codes = [x.status_code for x in (released, skipped, escalated)]
    assert codes == [204, 204, 204]
    shown = office.get("dung", path).json()
    assert (shown["stage"], shown["escalated"]) == ("adjudication", "needs_a_lead")
    assert [x["text"] for x in shown["comments"]] == ["xem lại", "khó"]
    assert [x["action"] for x in shown["history"]] == [
        "case.claim",
        "case.comment",
        "case.release",
        "case.claim",
        "case.skip",
        "case.claim",
        "case.comment",
        "case.escalate",
    ]


@pytest.mark.parametrize(
    ("who", "act", "body", "status", "code"),
    [
        ("binh", "claim", None, 409, "already_claimed"),
        ("binh", "renew", {"lease_token": 1}, 409, "lease_lost"),
        ("an", "release", {"lease_token": 2}, 409, "lease_lost"),
        ("an", "skip", {"lease_token": 1, "reason": "no"}, 422, "reason_not_allowed"),
        ("an", "escalate", {"lease_token": 1}, 422, "invalid_field"),
        ("an", "release", {"lease_token": "1"}, 422, "invalid_field"),
        ("an", "release", {"lease_token": 0}, 422, "invalid_field"),
        ("an", "comments", {"text": ""}, 422, "malformed_item"),
        ("an", "comments", {"text": "x" * 4001}, 422, "malformed_item"),
        ("an", "renew", {"lease_token": 1, "more": 1}, 422, "unknown_field"),
        ("chi", "claim", None, 404, "not_found"),
        ("chi", "comments", {"text": "x"}, 404, "not_found"),
        ("pipeline", "claim", None, 403, "forbidden"),
    ],
)
def test_refused(
    office: Office, who: str, act: str, body: Any, status: int, code: str
) -> None:
    """What cannot be done is refused with its own code, and changes nothing."""
    case = open_cases(office.database, 1)[0]
    office.post("an", f"/v1/cases/{case.id}/claim")

    r = office.post(who, f"/v1/cases/{case.id}/{act}", body)

    assert (r.status_code, r.json()["code"]) == (status, code)
    assert office.get("an", f"/v1/cases/{case.id}").json()["version"] == 2


def test_a_foreign_case(office: Office) -> None:
    """An id that is none, or of a queue that is not theirs, is not found."""
    case = open_cases(office.database, 1, queue="scam")[0]

    for who, case_id in (("chi", case.id), ("an", "case_none"), ("an", "%00")):
        for r in (
            office.get(who, f"/v1/cases/{case_id}"),
            office.post(who, f"/v1/cases/{case_id}/claim"),
            office.post(who, f"/v1/cases/{case_id}/renew", {"lease_token": 1}),
        ):
            assert (r.status_code, r.json()["code"]) == (404, "not_found")


@pytest.mark.parametrize("queue", ["scam", "none", "\0"])
def test_a_foreign_queue(office: Office, queue: str) -> None:
    """A queue that is not theirs is not found."""
    open_cases(office.database, 1, queue="scam")

    served = office.post("chi", "/v1/reviews:next", {"queues": [queue]})
    listed = office.get("chi", "/v1/cases", params={"queue": queue})

    assert (served.status_code, listed.status_code) == (404, 404)


def test_a_case_for_a_lead(office: Office) -> None:
    """A reviewer may read it, and not have it."""
    case = open_cases(office.database, 1, stage="adjudication")[0]

    assert office.get("an", f"/v1/cases/{case.id}").status_code == 200
    assert office.post("an", f"/v1/cases/{case.id}/claim").status_code == 403
    assert office.post("dung", f"/v1/cases/{case.id}/claim").status_code == 200


@pytest.mark.parametrize("if_match", ['"1"', "*", None])
def test_the_version_that_was_seen(office: Office, if_match: str | None) -> None:
    """A caller may name the version that they have seen."""
    case = open_cases(office.database, 1)[0]
    headers = {"If-Match": if_match} if if_match else {}

    r = office.post("an", f"/v1/cases/{case.id}/claim", headers=headers)

    assert (r.status_code, r.headers["etag"]) == (200, '"2"')


@pytest.mark.parametrize("if_match", ['"2"', "1", 'W/"1"', '"1", "2"', "", '"٣"', '"'])
def test_another_version(office: Office, if_match: str) -> None:
    """Who has seen another version is told so, and the case stays as it is."""
    case = open_cases(office.database, 1)[0]

    r = office.post(
        "an", f"/v1/cases/{case.id}/claim", headers={"If-Match": if_match.encode()}
    )

    assert (r.status_code, r.json()["code"]) == (412, "version_mismatch")
    assert office.get("an", f"/v1/cases/{case.id}").json()["lease"] is None


def test_reading_is_noted_once(office: Office) -> None:
    """A claim says that its text was read; reading again is an act of its own."""
    case = open_cases(office.database, 1)[0]
    office.post("an", "/v1/reviews:next")
    office.get("binh", f"/v1/cases/{case.id}")
    office.get("chi", f"/v1/cases/{case.id}")

    with office.database.session() as session:
        acts = [x.act for x in Audit(session).of(case.id)]

    assert [(x.action, x.actor) for x in acts] == [
        ("case.claim", office.person("an")),
        ("case.read", office.person("binh")),
    ]
