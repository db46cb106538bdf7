"""Requests that are sent twice, on both databases, without a model."""

import threading
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
from fastapi import FastAPI, Request, Response
from fastapi.testclient import TestClient
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from serving.access.principals import Principal
from serving.db import Database
from serving.errors import DatabaseUnavailableError
from serving.handlers import add_problem_handlers
from serving.idempotency import HEADER, MOST_BYTES, Idempotency
from serving.middleware import BodyLimit, RequestFrame
from tests.fixtures.watched import WatchedDatabase

KEY = {HEADER: "a-1"}
APPEALS = "/v1/appeals"


class _Known:
    """Every caller says in a header who they are."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            name = dict(scope["headers"]).get(b"x-me", b"me").decode()
            scope["state"]["principal"] = Principal(name, frozenset())
        await self._app(scope, receive, send)


class Service:
    """A route that counts how often it was really asked."""

    def __init__(self, database: Database) -> None:
        self.n_done = 0
        self.answer: Any = None
        self.keep_answer = True
        self.entered, self.leave = threading.Event(), threading.Event()
        self.leave.set()
        app = FastAPI()
        app.state.database = database

        @app.post(APPEALS, status_code=201)
        @app.post("/v1/posts", status_code=202)
        @app.post("/v1/reviews:next")
        @app.post("/v1/cases/case_1/claim")
        @app.post("/v1/score")
        def _(request: Request, response: Response) -> Any:
            self.n_done += 1
            request.state.keep_answer = self.keep_answer
            self.entered.set()
            assert self.leave.wait(10)
            if isinstance(self.answer, Exception):
                raise self.answer
            response.headers["ETag"] = '"1"'
            return self.answer or {"n": self.n_done}

        add_problem_handlers(app)
        app.add_middleware(Idempotency, most_s=60)
        app.add_middleware(BodyLimit, max_bytes=10_000)
        app.add_middleware(_Known)
        app.add_middleware(RequestFrame)
        self.client = TestClient(app)


@pytest.fixture
def service(database: Database, database_url: str) -> Iterator[Service]:
    """A service on a database that can go away."""
    database.migrate()
    with closing(WatchedDatabase(database_url)) as watched:
        yield Service(watched)


def _n_rows(database: Database) -> int:
    with database.session() as session:
        return len(session.connection().exec_driver_sql(
            "SELECT id FROM idempotent_requests"
        ).all())  # fmt: skip


def test_a_repeat_is_answered_the_same(service: Service) -> None:
    """It is done once; the second answer is the first, and says so."""
    first, second = (
        service.client.post(APPEALS, json={"x": "đ"}, headers=KEY) for _ in range(2)
    )

    assert service.n_done == 1
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.content == second.content
    assert "idempotent-replayed" not in first.headers
    assert second.headers["idempotent-replayed"] == "true"
    for name in ("content-type", "etag", "content-length"):
        assert second.headers[name] == first.headers[name]


@pytest.mark.parametrize(
    "other",
    [
        {"json": {"x": 1}, "headers": {**KEY, "x-me": "somebody else"}},
        {"json": {"x": 1}, "headers": {HEADER: "a-2"}},
        {"json": {"x": 1}, "headers": {}},
    ],
    ids=["another caller", "another key", "none"],
)
def test_what_is_no_repeat(service: Service, other: dict[str, Any]) -> None:
    """Each caller has their own keys; without one a request is itself."""
    service.client.post(APPEALS, json={"x": 1}, headers=KEY)

    r = service.client.post(APPEALS, **other)

    assert (r.json(), service.n_done) == ({"n": 2}, 2)


def test_another_address(service: Service) -> None:
    """One key may be used for two things."""
    service.client.post(APPEALS, json={}, headers=KEY)

    r = service.client.post("/v1/posts", json={}, headers=KEY)

    assert (r.status_code, service.n_done) == (202, 2)


@pytest.mark.parametrize(
    ("path", "body"),
    [(APPEALS, {"x": 2}), (APPEALS, {}), (f"{APPEALS}?y=1", {"x": 1})],
)
def test_another_request_under_the_key(
    service: Service, path: str, body: dict[str, int]
) -> None:
    """A key that was used for something else is a mistake of the caller."""
    service.client.post(APPEALS, json={"x": 1}, headers=KEY)

    r = service.client.post(path, json=body, headers=KEY)

    assert (r.status_code, r.json()["code"]) == (422, "idempotency_mismatch")
    assert service.n_done == 1


def test_while_it_is_being_answered(service: Service) -> None:
    """A repeat that comes too early is told to come again."""
    service.leave.clear()
    first = threading.Thread(
        target=lambda: service.client.post(APPEALS, json={}, headers=KEY)
    )
    first.start()
    assert service.entered.wait(10)

    early = service.client.post(APPEALS, json={}, headers=KEY)
    wrong = service.client.post(APPEALS, json={"x": 1}, headers=KEY)
    service.leave.set()
    first.join()
    late = service.client.post(APPEALS, json={}, headers=KEY)

    assert (early.status_code, early.json()["code"]) == (409, "idempotency_in_progress")
    assert int(early.headers["retry-after"]) >= 1
    assert wrong.status_code == 422
    assert (late.status_code, service.n_done) == (201, 1)


@pytest.mark.parametrize(
    "failure",
    [
        DatabaseUnavailableError("away"),
        RuntimeError("a mistake"),
        JSONResponse({}, 429),
    ],
    ids=["503", "500", "429"],
)
def test_what_failed_is_tried_again(service: Service, failure: Any) -> None:
    """A refusal has done nothing: the same request, or another, may come."""
    service.answer = failure
    refused = service.client.post(APPEALS, json={}, headers=KEY)
    service.answer = None

    r = service.client.post(APPEALS, json={"x": 1}, headers=KEY)

    assert refused.status_code >= 400
    assert (r.status_code, service.n_done) == (201, 2)


def test_a_long_answer_is_not_kept(service: Service, database: Database) -> None:
    """Nobody fills the database with answers."""
    service.answer = {"x": "y" * MOST_BYTES}

    r = service.client.post(APPEALS, json={}, headers=KEY)

    assert r.json() == service.answer
    assert _n_rows(database) == 0


@pytest.mark.parametrize(
    "path", ["/v1/reviews:next", "/v1/cases/case_1/claim", "/v1/score"]
)
def test_leases_and_scores_are_not_kept(
    service: Service, database: Database, path: str
) -> None:
    """An old lease would mislead, and scoring writes nothing: both are answered anew."""
    for _ in range(2):
        assert service.client.post(path, json={}, headers=KEY).status_code == 200

    assert service.n_done == 2
    assert _n_rows(database) == 0


def test_a_route_that_keeps_nothing(service: Service, database: Database) -> None:
    """A route can say that nothing of its answer may be written down."""
    service.keep_answer = False

    for _ in range(2):
        service.client.post(APPEALS, json={}, headers=KEY)

    assert service.n_done == 2
    assert _n_rows(database) == 0


@pytest.mark.parametrize("key", ["", "a b", "đ", "x" * 256])
def test_what_is_no_key(service: Service, key: str) -> None:
    """A key that cannot be meant is refused, before anything is done."""
    headers = {HEADER: key.encode()}

    r = service.client.post(APPEALS, json={}, headers=headers)  # type: ignore[arg-type]

    assert (r.status_code, r.json()["code"]) == (422, "invalid_field")
    assert service.n_done == 0


def test_the_database_is_away(service: Service) -> None:
    """Who cannot know whether it was done does not do it."""
    watched = service.client.app.state.database  # type: ignore[attr-defined]
    watched.is_away = True
    away = service.client.post(APPEALS, json={}, headers=KEY)
    watched.is_away = False

    assert (away.status_code, away.headers["retry-after"]) == (503, "10")
    assert service.n_done == 0
    assert service.client.post(APPEALS, json={}, headers=KEY).status_code == 201
