"""POST /v1/posts, and what GET /v1/posts/{id} says of them."""

import json
import uuid
from typing import Any

import pytest
from fastapi.testclient import TestClient

from serving.app import create_app
from serving.db import Database
from serving.settings import Settings

SCAM = "hôm nay quý khách hãy nhập otp vào trang này để nhận thưởng lớn nhé"
BENIGN = "xin chào cả nhà, hôm nay trời đẹp quá, mọi người đi chơi vui vẻ nhé"


def post(text: str = SCAM, **fields: Any) -> dict[str, Any]:
    """Return a post of a key of its own."""
    return {"text": text, "source": "t", "external_id": uuid.uuid4().hex} | fields


def send(client: TestClient, body: dict[str, Any]) -> dict[str, Any]:
    """Return the answer to posts that are taken."""
    r = client.post("/v1/posts", json=body)
    assert r.status_code == 202, r.text
    answer: dict[str, Any] = r.json()
    return answer


def test_a_post_from_the_door_to_its_case(settings: Settings) -> None:
    """On each database: sent, stored with reasons, in a case, with a copy beside it."""
    with TestClient(create_app(settings)) as client:
        given = post(author_id="a", context={"title": "Tin", "url": "https://a.vn"})
        answer = send(client, given)
        (result,) = answer["results"]
        copy = send(client, post())["results"][0]
        read = client.get(f"/v1/posts/{result['id']}").json()
        again = send(client, given)

    assert answer["summary"] == {"accepted": 1, "repeated": 0, "scored": 0, "failed": 0}
    assert answer["model"]["name"] == "tiny"
    assert result == {
        "status": "accepted",
        "id": read["id"],
        "index": 0,
        "repeated": False,
        "case_id": read["case_id"],
        "recommendation": read["recommendation"],
        "reports_added": 0,
    }
    assert copy["case_id"] == result["case_id"] is not None
    assert (read["state"], read["text"]) == ("open", SCAM)
    assert "decision" not in read
    assert again["results"][0] == result | {"repeated": True}


def test_a_case_says_why(settings: Settings, database: Database) -> None:
    """The post that opened a case has its reasons; a copy was not explained again."""
    with TestClient(create_app(settings)) as client:
        items = [post(), post(SCAM.upper()), post(BENIGN)]
        ids = [x["id"] for x in send(client, {"items": items})["results"]]
    with database.session() as session:
        connection = session.connection()
        rows = connection.exec_driver_sql("SELECT id, reasons FROM posts").all()

    reasons = {x: y for x, y in rows}  # noqa: C416 -- rows are no pairs to mypy
    assert "otp" in str(reasons[ids[0]])
    assert reasons[ids[1]] in {None, "null"}
    assert reasons[ids[2]] in {None, "null"}


@pytest.mark.parametrize(
    ("kind", "outcome"), [("uphold", "takedown"), ("dismiss", "satire")]
)
def test_what_stands_is_told(client: TestClient, kind: str, outcome: str) -> None:
    """Who asks for a post learns what was decided, and whether it is a copy of it."""
    text = f"{SCAM} {outcome} {kind}"
    first, copy = (send(client, post(text))["results"][0] for _ in range(2))
    _decide(client, first, kind, outcome)

    reviewed = client.get(f"/v1/posts/{first['id']}").json()
    copied = client.get(f"/v1/posts/{copy['id']}").json()

    assert reviewed["state"] == copied["state"] == "decided"
    assert (reviewed["decision"]["outcome"], reviewed["decision"]["basis"]) == (
        outcome,
        "reviewed",
    )
    assert copied["decision"] == reviewed["decision"] | {"basis": "copy"}


def test_each_item_fails_alone(client: TestClient) -> None:
    """Every kind of bad post has its own code, and the good ones are taken."""
    key = {"source": "t", "external_id": "the same"}
    items = [
        post(BENIGN) | key,
        post("khác hẳn") | key,
        post("\u200b"),
        post("a" * 65_537),
        post(author="x"),
        post(reports=[{"reason": ""}]),
        post(posted_at=17),
        post(external_id="a\0b"),
        post(origin="police"),
        {"text": "a"},
        "a",
        post(BENIGN),
    ]

    answer = send(client, {"items": items})

    found = [x.get("error", {}).get("code") for x in answer["results"]]
    assert found == [
        None,
        "post_differs",
        "empty_text",
        "text_too_long",
        "unknown_field",
        "invalid_field",
        "invalid_field",
        "invalid_field",
        "invalid_field",
        "invalid_field",
        "malformed_item",
        None,
    ]
    assert [x["index"] for x in answer["results"]] == list(range(12))
    assert answer["summary"]["failed"] == 10


def test_one_post_that_fails_is_a_problem(client: TestClient) -> None:
    """Who sends one post need not look for its error in a list."""
    given = post(BENIGN)
    send(client, given)

    differs = client.post("/v1/posts", json=given | {"text": "khác"})
    empty = client.post("/v1/posts", json=post(""))
    bad = client.post("/v1/posts", json=post(reports=[{"reason": 1}]))

    assert (differs.status_code, differs.json()["code"]) == (409, "post_differs")
    assert (empty.status_code, empty.json()["code"]) == (422, "empty_text")
    assert bad.json()["errors"][0]["pointer"] == "/reports/0/reason"


def test_nothing_is_kept_of_what_is_not_to_be_stored(client: TestClient) -> None:
    """With store: false there is a score and no id; a later post is no repeat of it."""
    given = post(BENIGN)

    (passed,) = send(client, given | {"store": False})["results"]
    later = send(client, given)["results"][0]

    assert (passed["status"], passed["id"]) == ("scored", None)
    assert set(passed["score"]["scores"]) >= {"scam", "hate"}
    assert later["repeated"] is False


def test_a_batch_of_both_kinds(client: TestClient) -> None:
    """Results come in the order of the posts, whatever is kept."""
    items = [post(BENIGN, store=i % 2 == 0) for i in range(5)]

    results = send(client, {"items": items})["results"]

    kinds = ["accepted", "scored", "accepted", "scored", "accepted"]
    assert [x["status"] for x in results] == kinds


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"items": []}, 422, "empty_batch"),
        ({"items": [1] * 257}, 413, "too_many_items"),
        ({"items": {}}, 422, "invalid_field"),
        ({"items": [], "x": 1}, 422, "unknown_field"),
        ({}, 422, "malformed_item"),
        ([], 422, "malformed_item"),
    ],
)
def test_an_envelope_that_is_refused(
    client: TestClient, body: object, status: int, code: str
) -> None:
    """A bad envelope is refused whole."""
    r = client.post("/v1/posts", json=body)

    assert (r.status_code, r.json()["code"]) == (status, code)


def test_half_a_surrogate_is_refused(client: TestClient) -> None:
    """What is not Unicode is no post, wherever it stands."""
    items = [
        post("\ud800"),
        post(permalink="https://a.vn/\ud800"),
        post(revision="\ud800"),
    ]
    content = json.dumps({"items": items})

    r = client.post(
        "/v1/posts", content=content, headers={"content-type": "application/json"}
    )

    assert {x["status"] for x in r.json()["results"]} == {"error"}


def test_a_nul_keeps_its_place(client: TestClient) -> None:
    """Offsets of reasons hold: one character stands for one."""
    given = post(f"{SCAM}\0 nhé", context={"title": "a\0b"})

    post_id = send(client, given)["results"][0]["id"]

    assert client.get(f"/v1/posts/{post_id}").json()["text"] == f"{SCAM}\ufffd nhé"
    assert send(client, given)["results"][0]["repeated"] is True


def test_the_author_is_nowhere(client: TestClient) -> None:
    """Neither the answer nor the stored post names who wrote it."""
    given = post(BENIGN, author_id="nguyen.van.a")

    answer = send(client, given)
    stored = client.get(f"/v1/posts/{answer['results'][0]['id']}")

    assert "nguyen" not in json.dumps(answer) + stored.text


def _decide(
    client: TestClient, result: dict[str, Any], kind: str, outcome: str
) -> None:
    """Write a decision on the case of a post, as if somebody had made it."""
    database: Database = client.app.state.database  # type: ignore[attr-defined]
    decision_id = f"dec_{uuid.uuid4().hex}"
    values = {
        "id": decision_id,
        "case_id": result["case_id"],
        "post_id": result["id"],
        "kind": kind,
        "outcome": outcome,
        "labels": "[]",
        "reason_code": "x",
        "stage": "first",
        "is_final": 1,
        "is_blind": 0,
        "person": "rev_1",
        "n_posts": 2,
        "text_digest": "",
        "model_digest": "",
        "policy_version": "",
        "review_policy_digest": "",
        "scores": "{}",
        "facts": "{}",
        "created_at": "2026-11-23 12:00:00",
    }
    marks = ", ".join("?" * len(values))
    with database.work("rev_1") as work:
        connection = work.session.connection()
        connection.exec_driver_sql(
            f"INSERT INTO decisions ({', '.join(values)}) VALUES ({marks})",  # noqa: S608
            tuple(values.values()),
        )
        connection.exec_driver_sql(
            "UPDATE cases SET state = 'decided', decision_id = ? WHERE id = ?",
            (decision_id, result["case_id"]),
        )
        work.commit()
