"""What Perspective's door refuses, as Perspective did."""

import json
from typing import Any

import pytest
from fastapi.testclient import TestClient
from googleapiclient.errors import HttpError

from tests.serving.doors.test_perspective import ANALYZE, ENGLISH, analyze

PRIVATE = "bí mật"
ERROR = "type.googleapis.com/google.commentanalyzer.v1alpha1.Error"


def refusal(r: Any) -> tuple[int, str, str]:
    """Return status, error type and our code of a refusal, and check its shape."""
    error = r.json()["error"]
    theirs, ours = error["details"]
    assert r.headers["content-type"] == "application/json"
    assert error["code"] == r.status_code
    assert error["status"] == "INVALID_ARGUMENT"
    assert theirs["@type"] == ERROR
    assert ours["metadata"]["request_id"] == r.headers["x-request-id"]
    assert PRIVATE not in r.text
    return r.status_code, theirs["errorType"], ours["metadata"]["code"]


def test_a_refusal(comments: Any) -> None:
    """Google's client raises what it always did, with the words that clients look for."""
    body = {"comment": {"text": ""}, "requestedAttributes": {"TOXICITY": {}}}

    with pytest.raises(HttpError) as e:
        comments.analyze(body=body).execute()

    assert e.value.status_code == 400
    assert e.value.reason == "Comment must be non-empty."
    assert e.value.error_details[0]["errorType"] == "COMMENT_EMPTY"


@pytest.mark.parametrize(
    "name", ["SEVERE_TOXICITY", "INSULT", "PROFANITY", "THREAT", "TOXICITY@6"]
)
def test_what_is_not_measured_is_refused(client: TestClient, name: str) -> None:
    """An attribute that we know nothing of is named, not guessed."""
    r = analyze(client, "đồ ngu", "TOXICITY", name)

    expected = (400, "INVALID_REQUEST", "unsupported_attribute")
    assert refusal(r) == expected
    assert f"Unknown requested attribute: {name};" in r.json()["error"]["message"]


@pytest.mark.parametrize("languages", [["en"], ["vi", "en"]], ids=str)
def test_another_language_is_refused(client: TestClient, languages: list[str]) -> None:
    """A language that we do not read is refused as Perspective does."""
    r = analyze(client, "đồ ngu", "TOXICITY", languages=languages)

    expected = (400, "LANGUAGE_NOT_SUPPORTED_BY_ATTRIBUTE", "unsupported_language")
    assert refusal(r) == expected
    detail = r.json()["error"]["details"][0]["languageNotSupportedByAttributeError"]
    assert detail["attribute"] == "TOXICITY"
    assert detail["requestedLanguages"] == languages


def test_another_language_is_seen(client: TestClient) -> None:
    """Without a language in the request the text is looked at."""
    r = analyze(client, ENGLISH, "TOXICITY")

    expected = (400, "LANGUAGE_NOT_SUPPORTED_BY_ATTRIBUTE", "unsupported_language")
    assert refusal(r) == expected
    detail = r.json()["error"]["details"][0]["languageNotSupportedByAttributeError"]
    assert detail["detectedLanguages"] == ["und"]


@pytest.mark.parametrize(
    ("body", "error_type", "code"),
    [
        ({"comment": {"text": " "}}, "COMMENT_EMPTY", "empty_text"),
        ({"comment": {}}, "COMMENT_EMPTY", "empty_text"),
        ({"comment": {"text": PRIVATE * 20_000}}, "COMMENT_TOO_LONG", "text_too_long"),
        ({"comment": {"text": "a\ud800"}}, "INVALID_REQUEST", "invalid_unicode"),
        ({"comment": {"text": 5}}, "INVALID_REQUEST", "invalid_field"),
        ({"comment": {"type": "HTML"}}, "INVALID_REQUEST", "invalid_field"),
        ({"comment": PRIVATE}, "INVALID_REQUEST", "invalid_field"),
        (
            {"requestedAttributes": {}},
            "NO_REQUESTED_ATTRIBUTES",
            "missing_attributes",
        ),
        (
            {"requestedAttributes": {PRIVATE: {}}},
            "INVALID_REQUEST",
            "unsupported_attribute",
        ),
        (
            {"requestedAttributes": {"SPAM": {"scoreType": "RAW"}}},
            "INVALID_REQUEST",
            "invalid_field",
        ),
        (
            {"requestedAttributes": {"SPAM": {"scoreThreshold": "x"}}},
            "INVALID_REQUEST",
            "invalid_field",
        ),
        ({"languages": [PRIVATE]}, "INVALID_REQUEST", "invalid_field"),
        ({"languages": "vi"}, "INVALID_REQUEST", "invalid_field"),
        ({"clientToken": "\ud800"}, "INVALID_REQUEST", "invalid_unicode"),
        ({"author": PRIVATE}, "INVALID_REQUEST", "unknown_field"),
        (
            {"context": {"entries": [{}], "articleAndParentComment": {}}},
            "INVALID_REQUEST",
            "invalid_field",
        ),
    ],
    ids=lambda x: str(x)[:40].encode("unicode_escape").decode(),
)
def test_bad_input(
    client: TestClient, body: dict[str, object], error_type: str, code: str
) -> None:
    """What cannot be analyzed is a 400 in Google's shape, and never repeats the text."""
    good = {"comment": {"text": "a"}, "requestedAttributes": {"TOXICITY": {}}}

    r = client.post(
        ANALYZE,
        content=json.dumps(good | body),
        headers={"content-type": "application/json"},
    )

    assert refusal(r) == (400, error_type, code)


@pytest.mark.parametrize("body", [b"{", b"[]", b"\xff"])
def test_a_body_that_cannot_be_read(client: TestClient, body: bytes) -> None:
    """A body that is no JSON object is refused in the same shape."""
    headers = {"content-type": "application/json"}

    assert refusal(client.post(ANALYZE, content=body, headers=headers))[0] == 400
