"""What holds for every request."""

from collections.abc import Iterator
from pathlib import Path

import anyio
import pytest
from fastapi.testclient import TestClient
from starlette.types import Message, Receive, Scope, Send
from structlog.testing import capture_logs

from serving.app import create_app
from serving.engine import Engine, Scored
from serving.middleware import BodyLimit, RequestFrame
from serving.settings import Settings

PRIVATE = "bí mật ngu"


@pytest.fixture
def small(bundle: Path, tmp_path: Path) -> Iterator[TestClient]:
    """A client of a service that reads bodies of at most 1,000 bytes."""
    settings = Settings(
        bundle=bundle,
        threads=1,
        max_body_bytes=1_000,
        database_url=f"sqlite:///{tmp_path / 'kiemtin.db'}",
    )
    with TestClient(create_app(settings)) as c:
        yield c


def test_a_request_is_one_line(client: TestClient) -> None:
    """The log has one line for a request, with all that operators ask for."""
    with capture_logs() as lines:
        client.post(
            "/v1/score/batch",
            json={"items": [{"text": PRIVATE}] * 3},
            headers={"x-request-id": "abc"},
        )

    (line,) = (x for x in lines if x["event"] == "request")
    assert line.pop("duration_ms") > 0
    assert len(line.pop("model")) == 12
    assert line.pop("bytes_in") > 3 * len(PRIVATE)
    assert line.pop("bytes_out") > 1000
    assert line == {
        "event": "request",
        "log_level": "info",
        "method": "POST",
        "route": "/v1/score/batch",
        "status": 200,
        "request_id": "abc",
        "n_items": 3,
        "key": "anonymous",
    }


@pytest.mark.parametrize("path", ["/v1/score", "/v1/score/batch", "/v1/score/stream"])
def test_bytes_are_counted(client: TestClient, path: str) -> None:
    """The log says how long a body was as it came, and its answer, on every way in."""
    body = b'{"text": "xin"}' if "batch" not in path else b'{"items": [{"text": "a"}]}'
    kind = "application/x-ndjson" if "stream" in path else "application/json"

    with capture_logs() as lines:
        r = client.post(path, content=body, headers={"content-type": kind})

    (line,) = (x for x in lines if x["event"] == "request")
    assert (line["bytes_in"], line["bytes_out"]) == (len(body), len(r.content))


@pytest.mark.parametrize(
    ("path", "route"),
    [
        ("/", "/"),
        ("/openapi.json", "/openapi.json"),
        ("/static/page.css", "/static/{name}"),
        ("/v1/posts/post_1", "/v1/posts/{post_id}"),
        ("/none", "(none)"),
    ],
)
def test_the_route_is_logged(client: TestClient, path: str, route: str) -> None:
    """The log counts requests by their route, not by their address."""
    with capture_logs() as lines:
        client.get(path)

    assert [x["route"] for x in lines if x["event"] == "request"] == [route]


@pytest.mark.parametrize("path", ["/v1/score", f"/{PRIVATE}", f"/?q={PRIVATE}"])
def test_no_text_is_logged(client: TestClient, path: str) -> None:
    """Neither a body nor an address that somebody made up gets into the log."""
    with capture_logs() as lines:
        client.post(path, json={"text": PRIVATE, PRIVATE: 1})

    assert "mật" not in str(lines)


def test_a_mistake_of_ours(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """What an exception says is neither answered nor logged; where it was is logged."""

    async def broken(self: Engine, *args: object, **kwargs: object) -> Scored:
        raise RuntimeError(PRIVATE)

    monkeypatch.setattr(Engine, "score", broken)
    with capture_logs() as lines:
        r = client.post("/v1/score", json={"text": PRIVATE})

    assert (r.status_code, r.json()["code"]) == (500, "internal_error")
    assert r.headers["x-content-type-options"] == "nosniff"
    assert "mật" not in r.text + str(lines)
    (mistake,) = (x for x in lines if x["event"] == "unhandled")
    assert mistake["error"] == "RuntimeError"
    assert "test_middleware.py" in mistake["where"]
    assert mistake["request_id"] == r.json()["request_id"]


def test_a_body_that_announces_too_much(small: TestClient) -> None:
    """A long body is refused by its length, with the limit."""
    r = small.post("/v1/score", json={"text": "a" * 2_000})

    assert (r.status_code, r.json()["code"]) == (413, "body_too_large")
    assert "1000" in r.json()["detail"]


def test_a_body_that_announces_nothing(small: TestClient) -> None:
    """A stream is counted as it comes."""
    pieces = iter([b"a" * 100] * 11)

    r = small.post(
        "/v1/score", content=pieces, headers={"content-type": "application/json"}
    )

    assert (r.status_code, r.json()["code"]) == (413, "body_too_large")


def test_an_endless_body() -> None:
    """A stream is not read further than the limit, nor shown to the application."""
    received: list[int] = []
    sent: list[Message] = []

    async def receive() -> Message:
        received.append(100)
        return {"type": "http.request", "body": b"a" * 100, "more_body": True}

    async def send(message: Message) -> None:
        sent.append(message)

    async def unreachable(scope: Scope, receive: Receive, send: Send) -> None:
        pytest.fail("the application was called")

    limited = RequestFrame(BodyLimit(unreachable, max_bytes=1_000))
    scope: Scope = {
        "type": "http",
        "method": "POST",
        "path": "/",
        "headers": [],
        "server": None,
    }
    anyio.run(limited, scope, receive, send)

    assert sent[0]["status"] == 413
    assert sum(received) == 1_100


def test_a_body_that_takes_too_long() -> None:
    """Who does not send the rest is told so, and the application never knows."""
    sent: list[Message] = []
    messages: list[Message] = [
        {"type": "http.request", "body": b"a", "more_body": True},
    ]

    async def receive() -> Message:
        if not messages:
            await anyio.sleep_forever()
        return messages.pop()

    async def send(message: Message) -> None:
        sent.append(message)

    async def unreachable(scope: Scope, receive: Receive, send: Send) -> None:
        pytest.fail("the application was called")

    limited = RequestFrame(BodyLimit(unreachable, max_bytes=1_000, max_s=0.05))
    scope: Scope = {
        "type": "http",
        "method": "POST",
        "path": "/",
        "headers": [],
        "server": None,
    }
    anyio.run(limited, scope, receive, send)

    assert sent[0]["status"] == 408
    assert (b"connection", b"close") in sent[0]["headers"]
    assert b'"code":"body_timeout"' in sent[1]["body"]


def test_who_leaves_in_the_middle_of_a_body() -> None:
    """Half a body is not shown to the application; the log says that its sender left."""
    messages: list[Message] = [
        {"type": "http.request", "body": b"a", "more_body": True},
        {"type": "http.disconnect"},
    ]

    async def receive() -> Message:
        return messages.pop(0)

    async def unreachable(*args: object) -> None:
        pytest.fail("something was called or answered")

    limited = RequestFrame(BodyLimit(unreachable, max_bytes=1_000))
    scope: Scope = {"type": "http", "method": "POST", "path": "/", "headers": []}
    with capture_logs() as lines:
        anyio.run(limited, scope, receive, unreachable)

    assert [(x["status"], x["bytes_in"]) for x in lines] == [(499, 1)]


def test_a_form_that_is_too_long(small: TestClient) -> None:
    """The page's form has the same limit."""
    r = small.post("/", data={"text": "a" * 2_000})

    assert r.status_code == 413


def test_a_body_in_pieces(small: TestClient) -> None:
    """A short body may come in pieces."""
    pieces = iter([b'{"te', b'xt": "ng', b'u"}'])

    r = small.post(
        "/v1/score", content=pieces, headers={"content-type": "application/json"}
    )

    assert r.json()["flagged"]["abusive"] is True


@pytest.mark.parametrize("path", ["/", "/docs", "/live", "/static/page.css", "/none"])
def test_security_headers(client: TestClient, path: str) -> None:
    """Every answer forbids framing, sniffing, and loading from elsewhere."""
    headers = client.get(path).headers

    policy = headers["content-security-policy"]
    assert policy.startswith("default-src 'none'")
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"


def test_other_origins_may_not_read(client: TestClient) -> None:
    """A page from elsewhere is not let in."""
    r = client.options(
        "/v1/score",
        headers={
            "origin": "https://example.invalid",
            "access-control-request-method": "POST",
        },
    )

    assert "access-control-allow-origin" not in r.headers
