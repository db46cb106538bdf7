"""Signing in to the console, on both databases, without a model."""

import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Annotated

import pytest
from fastapi import FastAPI, Form, Request, Response
from fastapi.testclient import TestClient
from structlog.testing import capture_logs

from serving.access.admission import Admission
from serving.access.csrf import csrf_token, needs_csrf, needs_same_site
from serving.access.keyring import Keyring
from serving.access.keys import create_key, revoke_key
from serving.access.scopes import Role
from serving.access.secrets import make_secret
from serving.access.signing_in import COOKIE, SignIns, safe_next, take_cookie
from serving.db import Audit, Database, Sessions
from serving.deps import PrincipalDep, SignInsDep
from serving.handlers import add_problem_handlers
from serving.middleware import RequestFrame
from serving.problems import problem_response
from tests.fixtures.watched import KEYED, Clock, WatchedDatabase


def _app(database: Database, clock: Clock) -> FastAPI:
    """Return a console of three pages."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        keyring = Keyring(database, KEYED, may_be_open=True, clock=clock)
        app.state.keyring = keyring
        app.state.sign_ins = SignIns(database, keyring, hours=12)
        await keyring.load()
        yield
        await keyring.close()

    app = FastAPI(lifespan=lifespan)

    @app.get("/console")
    async def show(principal: PrincipalDep) -> str:
        return principal.person

    @app.post("/console", dependencies=[needs_csrf])
    async def change(principal: PrincipalDep) -> str:
        return principal.person

    @app.post("/console/sign-in", dependencies=[needs_same_site])
    async def sign_in(
        request: Request,
        response: Response,
        sign_ins: SignInsDep,
        key: Annotated[str, Form()],
    ) -> str:
        done = await sign_ins.sign_in(key, "192.0.2.1")
        sign_ins.give_cookie(request, response, done.cookie)
        return done.principal.person

    @app.post("/console/sign-out", dependencies=[needs_csrf])
    async def sign_out(
        request: Request, response: Response, sign_ins: SignInsDep
    ) -> None:
        await sign_ins.sign_out(request.cookies[COOKIE])
        take_cookie(response)

    add_problem_handlers(app)
    app.add_middleware(Admission, explain=problem_response)
    app.add_middleware(RequestFrame)
    return app


@pytest.fixture
def client(watched: WatchedDatabase, clock: Clock) -> Iterator[TestClient]:
    """A browser at that console, over TLS, which follows no redirect."""
    with TestClient(
        _app(watched, clock), base_url="https://localhost", follow_redirects=False
    ) as c:
        yield c


@pytest.fixture
def secret(watched: Database, clock: Clock) -> str:
    """The key of a reviewer, made a second ago."""
    made = create_key(watched, name="mai", role=Role.REVIEWER)
    clock.s += 1
    return made.secret


def _sign_in(client: TestClient, secret: str) -> str:
    r = client.post("/console/sign-in", data={"key": secret})
    assert r.status_code == 200, r.text
    return client.cookies[COOKIE]


def test_who_signed_in_is_the_name_on_the_key(client: TestClient, secret: str) -> None:
    """The cookie stands for the key; another key of the name is the same person."""
    _sign_in(client, f" {secret}\n")

    r = client.get("/console")

    assert r.json() == KEYED.person("mai")


def test_the_cookie_is_for_nobody_else(client: TestClient, secret: str) -> None:
    """No script reads it, no other site sends it, nor does it travel in clear."""
    r = client.post("/console/sign-in", data={"key": secret})

    kept = r.headers["set-cookie"]
    assert re.match(rf"{COOKIE}=[\w-]{{43}}; ", kept)
    for flag in ("HttpOnly", "SameSite=strict", "Path=/", "Secure", "Max-Age=43200"):
        assert flag in kept


def test_the_cookie_itself_is_stored_nowhere(
    client: TestClient, watched: Database, secret: str
) -> None:
    """A stolen database signs nobody in, and neither does a stolen log."""
    with capture_logs() as lines:
        cookie = _sign_in(client, secret)
        client.get("/console")

    with watched.session() as session:
        (stored,) = Sessions(session).live(Clock().now())
    assert cookie not in repr(stored)
    assert cookie not in str(lines)
    assert secret[3:] not in str(lines)


@pytest.mark.parametrize("key", ["", "kt_", "password", "kt_" + "a" * 43])
def test_a_wrong_key(client: TestClient, secret: str, key: str) -> None:
    """What is no key signs nobody in, also while the API is open to all."""
    r = client.post("/console/sign-in", data={"key": key or " "})

    assert (r.status_code, r.json()["code"]) == (401, "unauthenticated")
    assert "set-cookie" not in r.headers


def test_a_console_has_people_even_without_keys(client: TestClient) -> None:
    """Where everybody may score, nobody decides who has not said who they are."""
    assert client.get("/console").status_code == 303
    r = client.post("/console/sign-in", data={"key": make_secret()})
    assert r.status_code == 401


def test_guessing_is_slowed_down(client: TestClient, secret: str) -> None:
    """After twenty wrong keys in a minute an address has to wait."""
    answers = [
        client.post("/console/sign-in", data={"key": make_secret()}) for _ in range(21)
    ]

    assert {r.status_code for r in answers[:20]} == {401}
    last = answers[20]
    assert (last.status_code, last.json()["code"]) == (429, "rate_limited")
    assert 1 <= int(last.headers["retry-after"]) <= 3


def test_who_is_right_is_never_slow(client: TestClient, secret: str) -> None:
    """Right keys count for nothing, however many browsers there are."""
    for _ in range(25):
        _sign_in(client, secret)


def test_signing_out_ends_it(client: TestClient, secret: str) -> None:
    """The cookie opens nothing any more, also for who kept a copy."""
    cookie = _sign_in(client, secret)

    r = client.post("/console/sign-out", data={"csrf": csrf_token(cookie)})

    assert r.status_code == 200
    assert COOKIE not in client.cookies
    client.cookies.set(COOKIE, cookie)
    assert client.get("/console").status_code == 303


def test_another_replica_knows(
    client: TestClient, watched: Database, clock: Clock, secret: str
) -> None:
    """A sign-in is good at every replica at once, and over at each in five seconds."""
    with TestClient(
        _app(watched, clock), base_url="https://localhost", follow_redirects=False
    ) as other:
        clock.s += 1
        cookie = _sign_in(client, secret)
        other.cookies.set(COOKIE, cookie)
        assert other.get("/console").status_code == 200

        client.post("/console/sign-out", data={"csrf": csrf_token(cookie)})
        clock.s += 5
        assert other.get("/console").status_code == 303


def test_it_ends_with_the_key(
    client: TestClient, watched: Database, clock: Clock, secret: str
) -> None:
    """Who revokes a key signs out all who came with it."""
    _sign_in(client, secret)

    revoke_key(watched, secret)
    clock.s += 5

    assert client.get("/console").status_code == 303


def test_it_ends_after_its_hours(
    client: TestClient, watched: Database, secret: str
) -> None:
    """A forgotten browser is signed out by the next day."""
    cookie = _sign_in(client, secret)
    with watched.session() as session:
        (stored,) = Sessions(session).live(Clock().now())
    keyring = client.app.state.keyring  # type: ignore[attr-defined]

    assert client.get("/console").status_code == 200
    keyring._now = lambda: stored.expires_at - timedelta(seconds=1)  # noqa: SLF001
    assert client.get("/console").status_code == 200
    keyring._now = lambda: stored.expires_at  # noqa: SLF001
    client.cookies.set(COOKIE, cookie)
    assert client.get("/console").status_code == 303


def test_it_goes_on_while_the_database_is_away(
    client: TestClient, watched: WatchedDatabase, clock: Clock, secret: str
) -> None:
    """Who is known stays known; who is not gets 503, since they may be right."""
    _sign_in(client, secret)
    watched.is_away = True
    clock.s += 5

    assert client.get("/console").status_code == 200
    client.cookies.clear()
    client.cookies.set(COOKIE, "x" * 43)
    r = client.get("/console")
    assert (r.status_code, r.headers["retry-after"]) == (503, "10")


def test_ten_browsers_of_a_key(
    client: TestClient, watched: Database, secret: str
) -> None:
    """The eleventh sign-in with a key ends the first."""
    cookies = []
    for _ in range(11):
        client.cookies.clear()
        cookies.append(_sign_in(client, secret))

    with watched.session() as session:
        assert len(Sessions(session).live(Clock().now())) == 10
    for cookie, status in ((cookies[0], 303), (cookies[1], 200), (cookies[-1], 200)):
        client.cookies.clear()
        client.cookies.set(COOKIE, cookie)
        assert client.get("/console").status_code == status


def test_the_audit_log_says_who_came_and_went(
    client: TestClient, watched: Database, secret: str
) -> None:
    """Each sign-in and sign-out is written down, with the pseudonym."""
    cookie = _sign_in(client, secret)
    client.post("/console/sign-out", data={"csrf": csrf_token(cookie)})

    with watched.session() as session:
        acts = [x.act for x in Audit(session).all()]
    assert [x.action for x in acts] == ["key.create", "session.start", "session.end"]
    assert {x.actor for x in acts[1:]} == {KEYED.person("mai")}
    assert {x.subject for x in acts} == {acts[0].subject}
    assert "mai" not in repr(acts).replace(KEYED.person("mai"), "")


def test_without_a_session(client: TestClient) -> None:
    """A page leads to the door and back; anything else is refused."""
    page = client.get("/console/cases/case_1?lang=en&x=/y")
    form = client.post("/console")

    assert page.status_code == 303
    wanted = "/console/sign-in?next=/console/cases/case_1%3Flang%3Den%26x%3D/y"
    assert page.headers["location"] == wanted
    assert form.status_code == 401


@pytest.mark.parametrize(
    ("asked", "goes_to"),
    [
        ("/console/cases/case_1?lang=en&x=/y", None),
        ("/console", None),
        ("//evil.example/console", "/console"),
        ("https://evil.example/", "/console"),
        ("/console//evil.example", "/console"),
        ("/console/../v1/models", "/console"),
        ("/console.evil.example", "/console"),
        ("/console/\\evil.example", "/console"),
        ("/console/sign-in?next=/console", "/console"),
        ("", "/console"),
    ],
)
def test_the_way_back_stays_in_the_console(asked: str, goes_to: str | None) -> None:
    """A link to the sign-in cannot send people elsewhere afterwards."""
    assert safe_next(asked) == (goes_to or asked)
