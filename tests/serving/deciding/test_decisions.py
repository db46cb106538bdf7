"""POST /v1/cases/{id}/decisions and what becomes of decisions, over HTTP."""

from typing import Any

import pytest

from tests.serving.deciding.conftest import BENIGN, SCAM, House


def test_a_decision(house: House) -> None:
    """201 with its id; the same again is 200, another one 409."""
    case = house.case()
    path = f"/v1/cases/{case.id}/decisions"
    sent = SCAM | {"lease_token": house.take("an", case.id), "spent_s": 3.5}

    first = house.post("an", path, sent)
    again = house.post("an", path, sent | {"spent_s": 4})
    other = house.post("an", path, BENIGN | {"lease_token": sent["lease_token"]})

    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert first.json() == {
        "id": first.json()["id"],
        "case_id": case.id,
        "is_final": True,
        "next_stage": None,
    }
    assert (other.status_code, other.json()["code"]) == (409, "already_decided")


def test_reading_a_decision(house: House) -> None:
    """Its record, with the person only for leads and for themselves."""
    case = house.case(n_posts=2)
    decision_id = house.decide("an", case.id)

    mine = house.get("an", f"/v1/decisions/{decision_id}").json()
    theirs = house.get("binh", f"/v1/decisions/{decision_id}").json()
    led = house.get("lan", f"/v1/decisions/{decision_id}").json()

    assert mine["is_mine"]
    assert mine["person"].startswith("rev_")
    assert theirs == mine | {"is_mine": False, "person": None}
    assert led == mine | {"is_mine": False}
    assert (mine["outcome"], mine["labels"]) == ("takedown", ["scam"])
    assert (mine["n_posts"], mine["text_digest"]) == (2, "d" * 64)
    assert (mine["model_digest"], mine["policy_version"]) == ("sha256:m", "bundled-p")
    assert mine["reversed_by"] is None


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"clause": None}, 422, "reason_not_allowed"),
        ({"clause": "hate.group"}, 422, "reason_not_allowed"),
        ({"labels": []}, 422, "reason_not_allowed"),
        ({"labels": ["politics"]}, 422, "invalid_field"),
        ({"reason_code": "because"}, 422, "reason_not_allowed"),
        ({"outcome": "reverse"}, 422, "invalid_field"),
        ({"outcome": "delete"}, 422, "invalid_field"),
        ({"spent_s": -1}, 422, "invalid_field"),
        ({"person": "an"}, 422, "unknown_field"),
        ({"lease_token": "1"}, 422, "invalid_field"),
        ({"lease_token": 9}, 409, "lease_lost"),
    ],
)
def test_what_is_refused(
    house: House, changes: dict[str, Any], status: int, code: str
) -> None:
    """What the policy does not know is refused by the server, not by a page."""
    case = house.case()
    sent = SCAM | {"lease_token": house.take("an", case.id)} | changes

    r = house.post("an", f"/v1/cases/{case.id}/decisions", sent)

    assert (r.status_code, r.json()["code"]) == (status, code)


def test_a_case_of_another_queue(house: House) -> None:
    """It is not there: not to be decided, and its decision not to be read."""
    case = house.case(queue="scam")
    decision_id = house.decide("an", case.id)
    sent = SCAM | {"lease_token": 1}

    decided = house.post("chi", f"/v1/cases/{case.id}/decisions", sent)
    read = house.get("chi", f"/v1/decisions/{decision_id}")
    reversal = {"reason_code": "reviewed_again"}
    reversed_ = house.post("ly", f"/v1/decisions/{decision_id}/reverse", reversal)

    assert [x.status_code for x in (decided, read, reversed_)] == [404] * 3


def test_the_version_that_was_seen(house: House) -> None:
    """If-Match with another version is 412, and nothing is decided."""
    case = house.case()
    sent = SCAM | {"lease_token": house.take("an", case.id)}
    path = f"/v1/cases/{case.id}/decisions"

    stale = house.post("an", path, sent, If_Match='"1"')
    fresh = house.post("an", path, sent, If_Match='"2"')

    assert (stale.status_code, stale.json()["code"]) == (412, "version_mismatch")
    assert fresh.status_code == 201


def test_a_note_with_a_nul(house: House) -> None:
    """What PostgreSQL would not keep is kept as another character."""
    case = house.case()
    decision_id = house.decide("an", case.id, SCAM | {"note": "a\0b"})

    assert house.get("an", f"/v1/decisions/{decision_id}").json()["note"] == "a\ufffdb"


def test_the_first_answer_is_not_shown(house: House) -> None:
    """Until the second one is given nobody but its person and leads later reads it."""
    case = house.case()
    with house.double():
        first = house.decide("an", case.id)
        path = f"/v1/decisions/{first}"
        codes = [house.get(x, path).status_code for x in ("an", "binh", "lan")]
        house.decide("binh", case.id, BENIGN)
        later = [house.get(x, path).status_code for x in ("an", "binh", "lan")]

    assert codes == [200, 404, 404]
    assert later == [200, 404, 200]


def test_reversing(house: House) -> None:
    """A lead reverses by another decision; the case is open again."""
    case = house.case()
    decision_id = house.decide("an", case.id)
    path = f"/v1/decisions/{decision_id}/reverse"

    r = house.post("lan", path, {"reason_code": "reviewed_again", "note": "nhầm"})
    again = house.post("lan", path, {"reason_code": "reviewed_again"})

    assert r.status_code == 201
    assert (r.json()["kind"], r.json()["reverses"]) == ("reverse", decision_id)
    assert again.json()["code"] == "already_reversed"
    read = house.get("an", f"/v1/decisions/{decision_id}").json()
    assert read["reversed_by"] == r.json()["id"]
    assert house.get("an", f"/v1/cases/{case.id}").json()["state"] == "open"


def test_a_reviewer_reverses_nothing(house: House) -> None:
    """Without the scope nobody reverses, and without a reason not even a lead."""
    decision_id = house.decide("an", house.case().id)
    path = f"/v1/decisions/{decision_id}/reverse"

    assert house.post("an", path, {"reason_code": "mistake"}).status_code == 403
    r = house.post("lan", path, {"reason_code": "no_violation"})
    assert r.json()["code"] == "reason_not_allowed"


def test_undoing(house: House) -> None:
    """The case comes back with a fresh lease, and is decided anew."""
    case = house.case()
    decision_id = house.decide("an", case.id)

    lease = house.post("an", f"/v1/decisions/{decision_id}/undo").json()

    assert (lease["case_id"], lease["is_blind"]) == (case.id, False)
    assert 599 < lease["remaining_s"] <= 600
    sent = BENIGN | {"lease_token": lease["lease_token"]}
    r = house.post("an", f"/v1/cases/{case.id}/decisions", sent)
    assert r.status_code == 201
    assert house.post("binh", f"/v1/decisions/{decision_id}/undo").status_code == 404


def test_golden_items(house: House) -> None:
    """Leads make, list and retire them; nobody reads a text in the list."""
    case = house.case()
    open_one = house.case()
    house.decide("an", case.id)

    made = house.post("lan", "/v1/goldens", {"case_id": case.id})
    refused = house.post("lan", "/v1/goldens", {"case_id": open_one.id})
    golden = made.json()
    page = house.get("lan", "/v1/goldens", limit=1).json()
    elsewhere = house.get("ly", "/v1/goldens").json()
    retired = house.post("lan", f"/v1/goldens/{golden['id']}/retire").json()

    assert (made.status_code, golden["kind"], golden["labels"]) == (
        201,
        "uphold",
        ["scam"],
    )
    assert (refused.status_code, refused.json()["code"]) == (409, "not_decided")
    assert page["goldens"] == [golden]
    assert elsewhere == {"goldens": [], "next_cursor": None}
    assert "text" not in golden
    assert retired["retired_at"] is not None
