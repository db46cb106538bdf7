"""Whatever comes in, the answer is a problem with a stable code."""

import json

import pytest
from fastapi.testclient import TestClient

PRIVATE = "bí mật"
JSON = {"content-type": "application/json"}


def refusal(client: TestClient, body: bytes | str, **headers: str) -> tuple[int, str]:
    """Return the status and code with which *body* is refused, and check its shape."""
    sent = {**JSON, **{k.replace("_", "-"): v for k, v in headers.items()}}
    r = client.post("/v1/score", content=body, headers=sent)
    assert r.headers["content-type"] == "application/problem+json"
    assert r.json()["status"] == r.status_code
    assert PRIVATE not in r.text
    return r.status_code, r.json()["code"]


@pytest.mark.parametrize(
    ("text", "status", "code"),
    [
        ("", 422, "empty_text"),
        (" \n\t", 422, "empty_text"),
        ("\u200b\u00ad\ufeff", 422, "empty_text"),
        ("\0\x01\x02", 422, "empty_text"),
        (PRIVATE * 175_000, 413, "text_too_long"),
        (PRIVATE + "\ud800", 400, "invalid_unicode"),
        (5, 422, "malformed_item"),
        (None, 422, "malformed_item"),
        ([PRIVATE], 422, "malformed_item"),
    ],
    ids=lambda x: str(x)[:12].encode("unicode_escape").decode(),
)
def test_text_that_cannot_be_scored(
    client: TestClient, text: object, status: int, code: str
) -> None:
    """Each kind of bad text has its code, and is not repeated in the answer."""
    assert refusal(client, json.dumps({"text": text})) == (status, code)


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"", 400, "malformed_json"),
        (b"{", 400, "malformed_json"),
        (b'{"text": "b\xed m\xe2"}', 400, "invalid_unicode"),
        ('{"text": "xin"}'.encode("utf-16"), 400, "invalid_unicode"),
        (b"[" * 2_000, 400, "malformed_json"),
        (b"[" * 100_000, 400, "malformed_json"),
        (b'{"text":' * 5_000 + b"1" + b"}" * 5_000, 400, "malformed_json"),
        (b'{"id": NaN, "text": "a"}', 400, "malformed_json"),
        (b'{"id": ' + b"9" * 5_000 + b', "text": "a"}', 400, "malformed_json"),
        (b"[]", 422, "malformed_item"),
        (b'"text"', 422, "malformed_item"),
        (b"null", 422, "malformed_item"),
        (b"{}", 422, "malformed_item"),
    ],
    ids=lambda x: repr(x)[:16],
)
def test_body_that_cannot_be_read(
    client: TestClient, body: bytes, status: int, code: str
) -> None:
    """A body that is no JSON object in UTF-8 is refused, however deep or odd it is."""
    assert refusal(client, body) == (status, code)


@pytest.mark.parametrize(
    ("extra", "code"),
    [
        ({"author": PRIVATE}, "unknown_field"),
        ({PRIVATE * 50: 1}, "unknown_field"),
        ({"context": {"author": PRIVATE}}, "unknown_field"),
        ({"id": ""}, "invalid_field"),
        ({"id": "a" * 257}, "invalid_field"),
        ({"id": 1.5}, "invalid_field"),
        ({"id": True}, "invalid_field"),
        ({"labels": []}, "invalid_field"),
        ({"labels": ["fake"]}, "invalid_field"),
        ({"explain": PRIVATE}, "invalid_field"),
    ],
    ids=lambda x: str(x)[:24].encode("unicode_escape").decode(),
)
def test_fields_that_we_do_not_know(
    client: TestClient, extra: dict[str, object], code: str
) -> None:
    """A field that we would have to ignore is refused instead."""
    assert refusal(client, json.dumps({"text": "a", **extra})) == (422, code)


def test_half_a_surrogate_in_a_name(client: TestClient) -> None:
    """A field whose name is not Unicode is refused without repeating it."""
    expected = (400, "invalid_unicode")

    assert refusal(client, r'{"text": "a", "\ud800": 1}') == expected


def test_half_a_surrogate_in_an_id(client: TestClient) -> None:
    """An id that could not be sent back is refused, with its place."""
    r = client.post(
        "/v1/score", content=b'{"text": "a", "id": "\\ud800"}', headers=JSON
    )

    assert (r.status_code, r.json()["code"]) == (400, "invalid_unicode")
    assert r.json()["errors"][0]["pointer"] == "/id"


@pytest.mark.parametrize(
    "headers",
    [
        {"content_type": "text/plain"},
        {"content_type": ""},
        {"content_type": "application/json; charset=latin-1"},
        {"content_encoding": "br"},
    ],
    ids=str,
)
def test_another_content_type(client: TestClient, headers: dict[str, str]) -> None:
    """What does not say that it is plain JSON in UTF-8 is not read as such."""
    expected = (415, "unsupported_media_type")

    assert refusal(client, b'{"text": "a"}', **headers) == expected


def test_control_characters_inside_a_text(client: TestClient) -> None:
    """Control characters are taken out, counted, and hide nothing."""
    r = client.post("/v1/score", json={"text": "đồ n\0g\x07u"})

    assert r.status_code == 200
    assert r.json()["flagged"]["abusive"] is True
    assert r.json()["text_state"]["normalizations"]["controls"] == 2


def test_all_wrong_fields_are_named(client: TestClient) -> None:
    """One answer says everything that is wrong, each with its pointer and code."""
    r = client.post("/v1/score", json={"text": "a", "labels": ["fake"], "x/y": 1})

    assert [(e["pointer"], e["code"]) for e in r.json()["errors"]] == [
        ("/labels/0", "invalid_field"),
        ("/x~1y", "unknown_field"),
    ]
