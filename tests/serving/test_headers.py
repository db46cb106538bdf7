"""Addresses, headers and other origins: how much, and from whom."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from pydantic import ValidationError

from serving.app import create_app
from serving.settings import Settings

OURS, FOREIGN = "https://review.example", "https://evil.example"


@pytest.fixture(scope="module")
def shared(
    bundle: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[TestClient]:
    """A service that pages of one other origin may call."""
    settings = Settings(
        bundle=bundle,
        workers=1,
        cors_origins=(OURS,),
        database_url=f"sqlite:///{tmp_path_factory.mktemp('cors') / 'db'}",
    )
    with TestClient(create_app(settings)) as c:
        yield c


def _ask(c: TestClient, origin: str) -> dict[str, str]:
    """Return what a browser is told before it sends a request with a key."""
    r = c.options(
        "/v1/score",
        headers={
            "origin": origin,
            "access-control-request-method": "POST",
            "access-control-request-headers": "authorization,content-type",
        },
    )
    return {k: v for k, v in r.headers.items() if k.startswith("access-control-allow")}


def test_an_origin_that_was_named(shared: TestClient) -> None:
    """Its pages may send a key and read the answer, but no cookies go with it."""
    allowed = _ask(shared, OURS)
    r = shared.post("/v1/score", json={"text": "ngu"}, headers={"origin": OURS})

    assert allowed["access-control-allow-origin"] == OURS
    assert "Authorization" in allowed["access-control-allow-headers"]
    assert "access-control-allow-credentials" not in {**allowed, **r.headers}
    assert r.headers["access-control-allow-origin"] == OURS
    assert "RateLimit" in r.headers["access-control-expose-headers"]
    assert "Origin" in r.headers["vary"]


def test_an_origin_that_was_not_named(shared: TestClient) -> None:
    """The pages of others may neither ask nor read."""
    r = shared.post("/v1/score", json={"text": "ngu"}, headers={"origin": FOREIGN})

    assert "access-control-allow-origin" not in _ask(shared, FOREIGN)
    assert "access-control-allow-origin" not in r.headers


def test_no_origin_by_default(client: TestClient) -> None:
    """Where nothing was said, no page of another origin is let in."""
    r = client.post("/v1/score", json={"text": "ngu"}, headers={"origin": OURS})

    assert _ask(client, OURS) == {}
    assert not any(k.startswith("access-control") for k in r.headers)


@pytest.mark.parametrize(
    "value", ["*", "https://*", "review.example", "https://a.example/", "null"]
)
def test_all_origins_cannot_be_meant(
    monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    """Origins are named one by one, each as browsers write it."""
    monkeypatch.setenv("KIEMTIN_CORS_ORIGINS", f"{OURS},{value}")

    with pytest.raises(ValidationError, match="cors_origins"):
        Settings()


def test_lists_are_split_at_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    """Several names stand in one variable, and an empty one names none."""
    monkeypatch.setenv("KIEMTIN_CORS_ORIGINS", f"{OURS}, http://127.0.0.1:3000 ,")
    monkeypatch.setenv("KIEMTIN_ALLOWED_HOSTS", "")

    assert Settings().cors_origins == (OURS, "http://127.0.0.1:3000")
    assert Settings().allowed_hosts == ()


@pytest.mark.parametrize("where", ["header", "query", "path"])
def test_a_head_that_is_too_long(client: TestClient, where: str) -> None:
    """Address and headers together have a limit, which the answer names."""
    long = "a" * 17_000
    path = {"query": f"/live?{long}", "path": f"/{long}"}.get(where, "/live")

    r = client.get(path, headers={"x-long": long} if where == "header" else {})

    assert (r.status_code, r.json()["code"]) == (431, "headers_too_large")
    assert "16384" in r.json()["detail"]
    assert r.headers["connection"] == "close"


def test_a_head_that_is_long(client: TestClient) -> None:
    """What stays below the limit is read."""
    assert client.get("/live", headers={"x-long": "a" * 15_000}).status_code == 200


@pytest.mark.parametrize("hosts", [[], ["localhost", "evil.example"]], ids=len)
def test_a_request_is_to_one_host(client: TestClient, hosts: list[str]) -> None:
    """None, or a second that somebody else may go by, is refused (RFC 9112, 3.2)."""
    sent: list[dict[str, Any]] = []
    scope = {
        "type": "http",
        "method": "GET",
        "path": "/live",
        "query_string": b"",
        "http_version": "1.1",
        "headers": [(b"host", x.encode()) for x in hosts],
    }

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b""}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    asyncio.run(client.app(scope, receive, send))  # type: ignore[arg-type]

    assert sent[0]["status"] == 400
    assert b'"code":"malformed_request"' in sent[1]["body"]
