"""POST /v1/score/batch."""

import json
from typing import Any

import pytest
from fastapi.testclient import TestClient

TEXTS = {"a": "đồ ngu", "b": "xin chào", "c": "nhập otp", "d": "xin " * 60 + "ngu"}


def batch(client: TestClient, items: list[Any]) -> dict[str, Any]:
    """Return the answer to a batch that is answered."""
    r = client.post("/v1/score/batch", json={"items": items})
    assert r.status_code == 200
    body: dict[str, Any] = r.json()
    return body


def test_each_item_gets_what_it_gets_alone(client: TestClient) -> None:
    """An item's scores depend on no neighbour, and come in order."""
    items = [{"id": i, "text": t, "explain": True} for i, t in TEXTS.items()]

    results = batch(client, items)["results"]

    assert [r["id"] for r in results] == list(TEXTS)
    for item, result in zip(items, results, strict=True):
        alone = client.post("/v1/score", json=item).json()
        assert {k: v for k, v in result.items() if k not in {"index", "status"}} == {
            k: v for k, v in alone.items() if k not in {"model", "policy_version"}
        }


def test_model_and_policy_stand_once(client: TestClient) -> None:
    """They are said of the batch, not of each item."""
    body = batch(client, [{"text": "a"}])

    assert body["model"]["name"] == "tiny"
    assert body["policy_version"].startswith("bundled-")
    assert "model" not in body["results"][0]


def test_bad_items_fail_alone(client: TestClient) -> None:
    """Every kind of bad item has its own code, and the good one its scores."""
    items = [
        {"id": "empty", "text": "\u200b"},
        {"id": "long", "text": "a" * 65_537},
        {"id": "extra", "text": "a", "author": "x"},
        {"id": "label", "text": "a", "labels": ["fake"]},
        {"id": "good", "text": "đồ ngu"},
        {"id": "missing"},
        {"id": {"a": 1}, "text": "a"},
        "đồ ngu",
        None,
    ]

    body = batch(client, items)

    assert [(r["id"], r["index"], r.get("error", {}).get("code")) for r in body["results"]] == [
        ("empty", 0, "empty_text"),
        ("long", 1, "text_too_long"),
        ("extra", 2, "unknown_field"),
        ("label", 3, "invalid_field"),
        ("good", 4, None),
        ("missing", 5, "malformed_item"),
        (None, 6, "invalid_field"),
        (None, 7, "malformed_item"),
        (None, 8, "malformed_item"),
    ]  # fmt: skip
    assert body["summary"] == {"ok": 1, "failed": 8}
    assert body["results"][4]["flagged"]["abusive"] is True


def test_half_a_surrogate_fails_alone(client: TestClient) -> None:
    """A text or an id that is not Unicode spoils neither the batch nor the answer."""
    items = [{"text": "\ud800"}, {"id": "\udfff", "text": "a"}, {"text": "xin"}]

    r = client.post(
        "/v1/score/batch",
        content=json.dumps({"items": items}),
        headers={"content-type": "application/json"},
    )

    codes = [x.get("error", {}).get("code") for x in r.json()["results"]]
    assert codes == ["invalid_unicode", "invalid_unicode", None]


def test_the_first_of_equal_ids_is_scored(client: TestClient) -> None:
    """Of equal ids the later ones fail, so that no result goes to the wrong text."""
    items = [{"id": 1, "text": "a"}, {"id": "1", "text": "b"}, {"id": "2", "text": "c"}]

    results = batch(client, items)["results"]

    assert [r["status"] for r in results] == ["ok", "error", "ok"]
    assert results[1]["error"]["code"] == "duplicate_id"
    assert results[1]["id"] == "1"


def test_items_choose_their_own_labels(client: TestClient) -> None:
    """Labels restrict the item that names them and no other."""
    results = batch(client, [{"text": "a", "labels": ["scam"]}, {"text": "a"}])[
        "results"
    ]

    assert [len(r["scores"]) for r in results] == [1, 5]


def test_as_many_items_as_the_limit(client: TestClient) -> None:
    """A batch of 256 is answered whole."""
    body = batch(client, [{"text": f"số {i}"} for i in range(256)])

    assert body["summary"] == {"ok": 256, "failed": 0}
    assert len({r["id"] for r in body["results"]}) == 256


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"items": [{"text": "a"}] * 257}, 413, "too_many_items"),
        ({"items": []}, 422, "empty_batch"),
        ({"items": {"text": "a"}}, 422, "invalid_field"),
        ({"items": [{"text": "a"}], "labels": ["scam"]}, 422, "unknown_field"),
        ({}, 422, "invalid_field"),
        ([{"text": "a"}], 422, "malformed_item"),
    ],
    ids=["257", "none", "object", "unknown", "nothing", "list"],
)
def test_an_envelope_that_is_refused(
    client: TestClient, body: object, status: int, code: str
) -> None:
    """A bad envelope is refused whole; nothing of it is scored."""
    r = client.post("/v1/score/batch", json=body)

    assert (r.status_code, r.json()["code"]) == (status, code)
