"""POST /v1/score/stream."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from structlog.testing import capture_logs

from serving.app import create_app
from serving.settings import Settings
from tests.fixtures.line_stream import stream_lines


@pytest.fixture
def own(bundle: Path, tmp_path: Path) -> Iterator[TestClient]:
    """A client of a service that a test may spoil."""
    settings = Settings(
        bundle=bundle,
        bulk_deadline_s=2,
        database_url=f"sqlite:///{tmp_path / 'kiemtin.db'}",
    )
    with TestClient(create_app(settings)) as c:
        yield c


def test_a_line_gets_what_it_gets_in_a_batch(client: TestClient) -> None:
    """Lines are answered in order, each as an item of a batch would be."""
    items: list[dict[str, object]] = [
        {"id": "a", "text": "đồ ngu", "explain": True},
        {"id": 7, "text": "xin chào", "labels": ["scam"]},
        {"id": "c", "text": ""},
        {"id": "d", "text": "a", "author": "x"},
        {"text": 5},
    ]
    batch = client.post("/v1/score/batch", json={"items": items}).json()

    first, *results, last = stream_lines(client, *items)

    assert results == batch["results"]
    assert first == {
        "status": "model",
        "index": 0,
        "model": batch["model"],
        "policy_version": batch["policy_version"],
    }
    assert last == {"status": "end", "summary": batch["summary"], "error": None}


def test_order_is_kept(client: TestClient) -> None:
    """Many chunks that are under way together come back in order."""
    texts = [("xin chào " * (n % 7) + str(n)).strip() for n in range(1000)]

    _, *results, last = stream_lines(client, *({"id": n, "text": t} for n, t in enumerate(texts)))  # fmt: skip

    assert [(x["index"], x["id"]) for x in results] == [
        (n, str(n)) for n in range(1000)
    ]
    assert last["summary"] == {"ok": 1000, "failed": 0}


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (b"{", "malformed_json"),
        (b"ng\xf4n ng\xfa", "invalid_unicode"),
        (b'{"text": "\xff"}', "invalid_unicode"),
        (b'{"text": "\\ud800"}', "invalid_unicode"),
        (b'{"text": "a", "id": NaN}', "malformed_json"),
        (b"[" * 200, "malformed_json"),
        (b"[" * 100_000, "malformed_json"),
        (b'["text"]', "malformed_item"),
        (b"null", "malformed_item"),
        (b'{"id": "x"}', "malformed_item"),
        (b'{"text": "%s"}' % (b"a" * 65_537), "text_too_long"),
        (b'{"text": "%s"}' % (b"a" * (1 << 20)), "line_too_long"),
        (b'{"text": "a", "labels": []}', "invalid_field"),
    ],
    ids=lambda x: repr(x)[:20],
)
def test_a_bad_line_fails_alone(client: TestClient, line: bytes, code: str) -> None:
    """Whatever is wrong with a line, its neighbours are scored."""
    good = {"text": "đồ ngu"}

    _, before, bad, after, last = stream_lines(client, good, line, good)

    assert [x["flagged"]["abusive"] for x in (before, after)] == [True, True]
    assert (bad["status"], bad["index"], bad["error"]["code"]) == ("error", 1, code)
    assert last["summary"] == {"ok": 2, "failed": 1}


def test_blank_lines_are_not_counted(client: TestClient) -> None:
    """Neither blank lines nor other ends of lines change anything."""
    post = json.dumps({"text": "a"}).encode()

    _, *results, _ = stream_lines(client, b"\xef\xbb\xbf" + post, b"", b" \t", post, b"", end="\r\n")  # fmt: skip

    assert [(x["index"], x["status"]) for x in results] == [(0, "ok"), (1, "ok")]


def test_an_empty_stream(client: TestClient) -> None:
    """Nothing is answered with nothing, and by whom."""
    first, last = stream_lines(client)

    assert first["model"]["name"] == "tiny"
    assert last["summary"] == {"ok": 0, "failed": 0}


def test_equal_ids_are_no_mistake(client: TestClient) -> None:
    """A stream does not remember ids; the index tells results apart."""
    _, *results, _ = stream_lines(client, *[{"id": "a", "text": "xin"}] * 2)

    assert [(x["id"], x["index"], x["status"]) for x in results] == [
        ("a", 0, "ok"),
        ("a", 1, "ok"),
    ]


def test_posts_are_stored(own: TestClient) -> None:
    """A line that asks for it is kept, and its answer says where."""
    _, kept, passed, _ = stream_lines(
        own, {"text": "đồ ngu", "store": True}, {"text": "xin chào"}
    )

    post = own.get(f"/v1/posts/{kept['post_id']}").json()
    assert post["text"] == "đồ ngu"
    assert "post_id" not in passed


@pytest.mark.parametrize(
    "media_type",
    ["application/json", "text/plain", "", "application/x-ndjson; charset=latin-1"],
)
def test_another_content_type(client: TestClient, media_type: str) -> None:
    """What does not say that it is lines of JSON is refused as a whole."""
    r = client.post(
        "/v1/score/stream", content=b"{}", headers={"content-type": media_type}
    )

    assert (r.status_code, r.json()["code"]) == (415, "unsupported_media_type")


def test_its_line_in_the_log(client: TestClient) -> None:
    """The log says how many lines a stream had, and none of them."""
    with capture_logs() as lines:
        stream_lines(client, {"text": "bí mật"}, b"{")

    (line,) = (x for x in lines if x["event"] == "request")
    assert (line["route"], line["n_items"]) == ("/v1/score/stream", 2)
    assert "mật" not in str(lines)
