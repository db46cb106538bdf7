"""POST /v1/score."""

import json

import pytest
from fastapi.testclient import TestClient

from kiemtin.labels import Label

ENGLISH = "The quick brown foxes jumped over lazy hounds yesterday evening"


def test_a_harm_is_flagged(client: TestClient) -> None:
    """A text with a harm gets all five scores, one flag and a recommendation."""
    r = client.post("/v1/score", json={"id": "a", "text": "đồ ngu"})

    body = r.json()
    assert r.status_code == 200
    assert body["id"] == "a"
    assert list(body["scores"]) == list(Label)
    assert [x for x, flagged in body["flagged"].items() if flagged] == ["abusive"]
    assert body["recommendation"] == "review"
    assert body["abstain"] == {}


def test_the_answer_names_its_model_and_policy(client: TestClient) -> None:
    """A score can be traced to the bytes and thresholds that gave it."""
    body = client.post("/v1/score", json={"text": "xin chào"}).json()

    assert body["model"]["name"] == "tiny"
    assert body["model"]["digest"].startswith("sha256:")
    assert body["model"]["calibration"] == dict.fromkeys(Label, "platt")
    assert body["policy_version"].startswith("bundled-")
    assert "post_id" not in body


def test_an_integer_id_becomes_a_string(client: TestClient) -> None:
    """Ids are strings on the way back, so that no client loses digits."""
    r = client.post("/v1/score", json={"id": 9007199254740993, "text": "xin chào"})

    assert r.json()["id"] == "9007199254740993"


def test_ids_are_made_up_where_there_are_none(client: TestClient) -> None:
    """Two texts without an id get two ids."""
    ids = {client.post("/v1/score", json={"text": "a"}).json()["id"] for _ in range(2)}

    assert len(ids) == 2


def test_labels_restrict_the_answer(client: TestClient) -> None:
    """A label that was not asked for gives no score, flag, reason or recommendation."""
    asked = {"text": "đồ ngu nhập otp", "labels": ["spam", "scam"], "explain": True}

    body = client.post("/v1/score", json=asked).json()

    assert list(body["scores"]) == ["scam", "spam"]
    assert body["flagged"] == {"scam": True, "spam": False}
    assert {r["label"] for r in body["reasons"]} == {"scam"}
    assert body["recommendation"] == "review"


def test_a_flag_of_another_label_recommends_nothing(client: TestClient) -> None:
    """Who asks for scams alone is not sent an insult to review."""
    body = client.post("/v1/score", json={"text": "đồ ngu", "labels": ["scam"]}).json()

    assert body["recommendation"] == "none"


def test_reasons_quote_the_original_text(client: TestClient) -> None:
    """Offsets count characters of the text as it was sent."""
    text = "  \u200bđồ\u200b   ngu !"

    body = client.post("/v1/score", json={"text": text, "explain": True}).json()

    (reason,) = body["reasons"]
    assert text[reason["start"] : reason["end"]] == reason["text"] == "ngu"


def test_reasons_come_only_when_asked_for(client: TestClient) -> None:
    """Explaining costs time, so it is off by default."""
    assert client.post("/v1/score", json={"text": "đồ ngu"}).json()["reasons"] == []


def test_another_language_abstains(client: TestClient) -> None:
    """An English text is answered, and the answer says not to believe it."""
    body = client.post("/v1/score", json={"text": ENGLISH}).json()

    assert body["abstain"] == dict.fromkeys(Label, "not_vietnamese")
    assert body["recommendation"] == "none"


def test_abstention_is_restricted_too(client: TestClient) -> None:
    """Labels that were not asked for do not abstain either."""
    asked = {"text": ENGLISH, "labels": ["hate"]}

    assert list(client.post("/v1/score", json=asked).json()["abstain"]) == ["hate"]


def test_a_long_text_is_read_in_windows(client: TestClient) -> None:
    """What was left out of a long text is said, and its end is read."""
    text = "xin " * 200 + "ngu"

    body = client.post("/v1/score", json={"text": text}).json()

    assert body["text_state"]["truncated"] is True
    assert body["text_state"]["windows"] == 6
    assert body["text_state"]["windows_left_out"] > 0
    assert body["flagged"]["abusive"] is True


def test_context_changes_no_score(client: TestClient) -> None:
    """The context of a post is accepted and is no feature."""
    context = {
        "title": "ngu",
        "parent_text": "diệt",
        "posted_at": "2026-01-02T03:04:05+07:00",
        "url": "https://example.invalid/otp",
    }
    alone = client.post("/v1/score", json={"id": "a", "text": "xin chào"})

    r = client.post(
        "/v1/score", json={"id": "a", "text": "xin chào", "context": context}
    )

    assert r.json() == alone.json()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("posted_at", "hôm qua"),
        ("posted_at", "2026-01-02T03:04:05"),
        ("url", "javascript:alert(1)"),
        ("url", "https://example.invalid/" + "a" * 2_048),
        ("title", "a" * 1_001),
        ("parent_text", 5),
    ],
)
def test_a_bad_context_is_refused(
    client: TestClient, field: str, value: object
) -> None:
    """A context that cannot be true is refused by the name of its field."""
    r = client.post("/v1/score", json={"text": "a", "context": {field: value}})

    assert r.status_code == 422
    assert r.json()["code"] == "invalid_field"
    assert r.json()["errors"][0]["pointer"] == f"/context/{field}"


def test_utf8_may_be_said_of_the_body(client: TestClient) -> None:
    """A charset in the content type is fine when it is UTF-8."""
    r = client.post(
        "/v1/score",
        content=json.dumps({"text": "xin chào"}, ensure_ascii=False).encode(),
        headers={"content-type": "application/json; charset=UTF-8"},
    )

    assert r.status_code == 200


def test_score_in_the_band_is_uncertain(unsure_client: TestClient) -> None:
    """Near its threshold a label is neither flagged nor cleared, and info says where."""
    body = unsure_client.post("/v1/score", json={"text": "đồ ngu"}).json()
    policy = unsure_client.get("/v1/info").json()["policy"]

    assert body["abstain"] == {"abusive": "uncertain"}
    assert not any(body["flagged"].values())
    assert body["recommendation"] == "none"
    assert body["policy_version"] == policy["version"]
    assert policy["thresholds"]["abusive"] == {
        "abstain": 0.5,
        "review": 0.99,
        "review_urgent": 0.99,
    }
