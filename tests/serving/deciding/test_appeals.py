"""/v1/appeals, over HTTP."""

from typing import Any

import pytest

from tests.serving.deciding.conftest import BENIGN, House


def test_filing_and_answering(house: House) -> None:
    """Filed by a client, answered by a lead, read by who filed it."""
    case = house.case()
    decision_id = house.decide("an", case.id)
    body = {"decision_id": decision_id, "statement": "đùa", "external_ref": "t-1"}

    filed = house.post("platform", "/v1/appeals", body)
    path = f"/v1/appeals/{filed.json()['id']}"
    said = {"outcome": "overturned", "answer": "Đúng.", "decision": BENIGN}
    answered = house.post(
        "lan", f"{path}/decision", said, If_Match=filed.headers["etag"]
    )
    again = house.post("lan", f"{path}/decision", said)
    other = house.post("lan", f"{path}/decision", said | {"answer": "Khác."})
    read = house.get("platform", path)

    assert filed.status_code == 201
    assert (filed.json()["state"], filed.json()["external_ref"]) == ("open", "t-1")
    assert (answered.status_code, again.status_code) == (200, 200)
    assert again.json() == answered.json()
    assert (other.status_code, other.json()["code"]) == (409, "appeal_closed")
    assert (read.json()["state"], read.json()["answer"]) == ("overturned", "Đúng.")
    assert read.headers["etag"] == '"2"'
    assert (read.json()["filed_by"], read.json()["decided_by"]) == (None, None)
    assert answered.json()["decided_by"].startswith("rev_")
    stands = house.get("an", f"/v1/cases/{case.id}").json()["decision_id"]
    assert house.get("an", f"/v1/decisions/{stands}").json()["outcome"] == "benign"


def test_by_the_post(house: House) -> None:
    """Who knows only a post names that."""
    case = house.case()
    decision_id = house.decide("an", case.id)

    r = house.post(
        "platform", "/v1/appeals", {"post_id": case.post_id, "statement": "đùa"}
    )

    assert (r.status_code, r.json()["decision_id"]) == (201, decision_id)


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({}, 422, "invalid_field"),
        ({"decision_id": "dec_0", "post_id": "post_0"}, 422, "invalid_field"),
        ({"decision_id": "dec_0"}, 404, "not_found"),
        ({"decision_id": "\0"}, 404, "not_found"),
        ({"post_id": "\0"}, 404, "not_found"),
        ({"decision_id": "dec_0", "statement": ""}, 422, "invalid_field"),
        ({"decision_id": "dec_0", "statement": "a" * 4_001}, 422, "invalid_field"),
    ],
)
def test_what_cannot_be_filed(
    house: House, body: dict[str, Any], status: int, code: str
) -> None:
    """An appeal is against one decision, and says why."""
    r = house.post("platform", "/v1/appeals", {"statement": "đùa"} | body)

    assert (r.status_code, r.json()["code"]) == (status, code)


def test_conflicts(house: House) -> None:
    """A second one waits, what does not stand is not appealed, nobody judges twice."""
    decision_id = house.decide("lan", house.case().id)
    appeal_id = house.appeal(decision_id)
    body = {"decision_id": decision_id, "statement": "đùa"}
    path = f"/v1/appeals/{appeal_id}/decision"

    second = house.post("platform", "/v1/appeals", body)
    own = house.post("lan", path, {"outcome": "upheld", "answer": "Không."})
    stale = house.post(
        "long", path, {"outcome": "upheld", "answer": "Không."}, If_Match='"7"'
    )
    house.post("long", path, {"outcome": "overturned", "answer": "Đúng."})
    third = house.post("platform", "/v1/appeals", body)

    found = [(x.status_code, x.json()["code"]) for x in (second, own, stale, third)]
    assert found == [
        (409, "appeal_open"),
        (409, "own_decision"),
        (412, "version_mismatch"),
        (409, "not_appealable"),
    ]


def test_who_sees_which(house: House) -> None:
    """Clients see what they filed, leads what is in their queues; by pages."""
    mine = [house.appeal(house.decide("an", house.case().id)) for _ in range(3)]

    def seen(who: str, **query: Any) -> list[str]:
        body = house.get(who, "/v1/appeals", **query).json()
        return [x["id"] for x in body["appeals"]]

    assert seen("platform", state="open")[:3] == mine[::-1]
    assert set(mine) <= set(seen("lan", limit=100))
    assert seen("other") == []
    assert seen("ly") == []
    assert not set(mine) & set(seen("lan", state="upheld", limit=100))
    first = house.get("platform", "/v1/appeals", limit=1).json()
    assert seen("platform", limit=1, cursor=first["next_cursor"]) == [mine[1]]
    codes = [
        house.get(x, f"/v1/appeals/{mine[0]}").status_code
        for x in ("platform", "other", "lan", "ly", "an")
    ]
    assert codes == [200, 404, 200, 404, 403]
