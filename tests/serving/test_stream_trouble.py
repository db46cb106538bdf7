"""A stream of lines when something goes wrong: no line is lost."""

import gzip
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from structlog.testing import capture_logs

from serving.app import create_app
from serving.db import Posts
from serving.engine import Engine, Scored
from serving.errors import DatabaseUnavailableError, DeadlineError, QueueFullError
from serving.settings import Settings
from tests.fixtures.line_stream import NDJSON, stream_lines


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


def spoil(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, fail: Callable[[int], None]
) -> None:
    """Call *fail* before each call of the engine, with how many there were before."""
    n_calls = 0
    score = Engine.score

    async def spoilt(self: Engine, *args: Any, **kwargs: Any) -> Scored:
        nonlocal n_calls
        n_calls += 1
        fail(n_calls - 1)
        return await score(self, *args, **kwargs)

    monkeypatch.setattr(Engine, "score", spoilt)


def test_a_database_that_fails(
    own: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What cannot be stored fails; the rest of the stream goes on."""

    def broken(self: Posts, **post: object) -> str:
        msg = "away"
        raise DatabaseUnavailableError(msg)

    monkeypatch.setattr(Posts, "add", broken)

    _, kept, passed, last = stream_lines(
        own, {"text": "a", "store": True}, {"text": "b"}
    )

    assert kept["error"]["code"] == "database_unavailable"
    assert passed["status"] == "ok"
    assert last["summary"] == {"ok": 1, "failed": 1}


def test_a_full_queue_is_waited_for(
    own: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where a batch would be refused a stream reads more slowly, and loses nothing."""

    def fail(n: int) -> None:
        if n < 3:
            msg = "full"
            raise QueueFullError(msg, retry_after_s=0.01)

    spoil(own, monkeypatch, fail)

    *_, last = stream_lines(own, *[{"text": "a"}] * 100)

    assert last["summary"] == {"ok": 100, "failed": 0}


@pytest.mark.parametrize("error", [QueueFullError, DeadlineError])
def test_patience_has_an_end(
    own: TestClient, monkeypatch: pytest.MonkeyPatch, error: type[QueueFullError]
) -> None:
    """What is too late after all is said to be, line by line."""

    def fail(n: int) -> None:
        msg = "no"
        raise error(msg, retry_after_s=0.5)

    spoil(own, monkeypatch, fail)

    _, *results, last = stream_lines(own, {"id": "a", "text": "a"}, b"{")

    assert [(x["id"], x["error"]["code"]) for x in results] == [
        ("a", error.code),
        (None, "malformed_json"),
    ]
    assert last["error"] is None


def test_a_mistake_of_ours(own: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """A stream that a mistake of ours ends has no last line; the log says where it was."""

    def fail(n: int) -> None:
        if n == 1:
            raise ZeroDivisionError

    spoil(own, monkeypatch, fail)

    with capture_logs() as lines:
        r = own.post("/v1/score/stream", content=b'{"text":"a"}\n' * 65, headers=NDJSON)

    assert '"end"' not in r.text
    (mistake,) = (x for x in lines if x["event"] == "unhandled")
    assert mistake["error"] == "ZeroDivisionError"
    assert "test_stream_trouble.py" in mistake["where"]


def test_a_body_that_breaks(client: TestClient) -> None:
    """What could be unpacked is answered, and the last line says what came then."""
    packed = gzip.compress(b'{"text": "a"}\n' * 3)[:-4]
    r = client.post(
        "/v1/score/stream",
        content=packed,
        headers={**NDJSON, "content-encoding": "gzip"},
    )

    _, *results, last = [json.loads(x) for x in r.text.splitlines()]
    assert len(results) == 3
    assert last["error"]["code"] == "malformed_encoding"
    assert last["summary"] == {"ok": 3, "failed": 0}


def test_no_model_no_stream(tmp_path: Path) -> None:
    """Without a model nothing is read, and the answer is a problem."""
    settings = Settings(
        bundle=tmp_path / "none", database_url=f"sqlite:///{tmp_path / 'db'}"
    )
    with TestClient(create_app(settings)) as c:
        r = c.post("/v1/score/stream", content=b"{}", headers=NDJSON)

    assert (r.status_code, r.json()["code"]) == (503, "bundle_missing")


def test_another_model_meanwhile(
    own: TestClient, bundle: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A model that takes over says from which line on it scored."""
    engine: Engine = own.app.state.engine  # type: ignore[attr-defined]
    score = Engine.score

    async def scored(self: Engine, *args: Any, **kwargs: Any) -> Scored:
        found = await score(self, *args, **kwargs)
        if found.results and b'"id":"0"' in found.results[0].json:  # type: ignore[union-attr]
            return found
        other = replace(engine.model, beside=b'"model":"other"')
        return Scored(found.results, other)

    monkeypatch.setattr(Engine, "score", scored)

    answer = stream_lines(own, *({"id": n, "text": "a"} for n in range(70)))

    assert [
        (n, x["index"]) for n, x in enumerate(answer) if x["status"] == "model"
    ] == [
        (0, 0),
        (65, 64),
    ]
