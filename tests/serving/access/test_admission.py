"""Who comes in, seen from outside."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from fastapi.testclient import TestClient
from starlette.types import Message
from starlette.types import Scope as Scopes
from structlog.testing import capture_logs

from serving.access.keys import create_key
from serving.access.scopes import Scope
from serving.access.secrets import make_secret
from serving.app import create_app
from serving.db import Database
from serving.settings import Settings
from tests.serving.access.conftest import Locked

POST = {"text": "đồ ngu"}
REALM = 'Bearer realm="kiemtin"'


def _bearer(secret: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret}"}


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER "])
def test_a_key_opens(locked: Locked, scheme: str) -> None:
    """The name of the scheme may be written anyhow."""
    headers = {"Authorization": f"{scheme} {locked.secrets[Scope.SCORE]}"}

    r = locked.client.post("/v1/score", json=POST, headers=headers)

    assert (r.status_code, r.json()["flagged"]["abusive"]) == (200, True)


def test_refusals_do_not_tell_apart(locked: Locked) -> None:
    """Nothing, nonsense, a foreign key and an unknown one get one and the same answer."""
    answers = [
        locked.client.post(
            "/v1/score", json=POST, headers={**headers, "x-request-id": "1"}
        )
        for headers in (
            {},
            {"Authorization": "Bearer"},
            {"Authorization": "Basic a2V5OmtleQ=="},
            {"x-api-key": locked.secrets[Scope.SCORE]},
            _bearer("sk-1234"),
            _bearer(make_secret()),
            _bearer(locked.secrets[Scope.SCORE] + "a"),
        )
    ]

    assert {r.status_code for r in answers} == {401}
    assert {r.headers["www-authenticate"] for r in answers} == {REALM}
    (body,) = {r.text for r in answers}
    assert answers[0].json()["code"] == "unauthenticated"
    assert "Authorization: Bearer" in body


def test_a_key_in_the_address(locked: Locked) -> None:
    """Clients of Perspective send it there; nowhere else does it open anything."""
    key = locked.secrets[Scope.SCORE]
    comment = {
        "comment": {"text": "đồ ngu"},
        "languages": ["vi"],
        "requestedAttributes": {"TOXICITY": {}},
    }

    theirs = locked.client.post(f"/v1alpha1/comments:analyze?key={key}", json=comment)
    ours = locked.client.post(f"/v1/score?key={key}", json=POST)

    assert theirs.status_code == 200
    assert ours.status_code == 401


def test_nobody_reads_a_body_without_a_key(locked: Locked) -> None:
    """A stranger is refused before the first byte of what they send is looked at."""
    sent: list[Message] = []

    async def receive() -> Message:
        return pytest.fail("the body was read")

    async def send(message: Message) -> None:
        sent.append(message)

    scope: Scopes = {
        "type": "http",
        "method": "POST",
        "path": "/v1/score",
        "query_string": b"",
        "headers": [(b"content-length", b"1000000")],
        "server": None,
    }
    assert locked.client.portal is not None
    locked.client.portal.call(locked.app, scope, receive, send)

    assert sent[0]["status"] == 401


def test_no_key_is_logged(locked: Locked) -> None:
    """The log knows a key by its id; neither a good one nor a wrong one is in it."""
    good, wrong = locked.secrets[Scope.SCORE], make_secret()
    with capture_logs() as lines:
        locked.client.post("/v1/score", json=POST, headers=_bearer(good))
        locked.client.post("/v1/score", json=POST, headers=_bearer(wrong))
        locked.client.post(f"/v1alpha1/comments:analyze?key={good}", json={})
        locked.client.get("/docs", headers=_bearer(good))

    logged = str(lines)
    assert good[3:] not in logged
    assert wrong[3:] not in logged
    first, second, *_ = (x for x in lines if x["event"] == "request")
    assert first["key"].startswith("key_")
    assert "key" not in second


def test_the_page_explains_itself(locked: Locked) -> None:
    """Who opens the page without a key reads why there is nothing to fill in."""
    r = locked.client.get("/?lang=en")

    soup = BeautifulSoup(r.text, "html.parser")
    assert r.status_code == 401
    assert r.headers["content-type"].startswith("text/html")
    assert r.headers["content-security-policy"].startswith("default-src 'none'")
    assert r.headers["www-authenticate"].startswith("Bearer ")
    assert "API key" in soup.select('[role="alert"]')[0].text
    assert soup("form") == []
    assert locked.client.get("/").text != r.text
    assert locked.client.post("/", data=POST).status_code == 401
    assert locked.client.get("/static/page.css").status_code == 200


@pytest.fixture(scope="module")
def open_app(
    bundle: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[TestClient]:
    """A service without keys, under the names of this machine and one more."""
    settings = Settings(
        bundle=bundle,
        workers=1,
        allowed_hosts=("tunnel.test",),
        database_url=f"sqlite:///{tmp_path_factory.mktemp('open') / 'db'}",
    )
    with TestClient(create_app(settings)) as c:
        yield c


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost:8000", "[::1]:8000", "Tunnel.test:1", "127.9.9.9"]
)
def test_without_keys_this_machine_is_answered(open_app: TestClient, host: str) -> None:
    """Whoever sits at the machine needs no key as long as there is none."""
    r = open_app.post("/v1/score", json=POST, headers={"host": host})

    assert r.status_code == 200


@pytest.mark.parametrize(
    "path", ["/", "/live", "/ready", "/v1/info", "/static/page.css"]
)
@pytest.mark.parametrize(
    "host", ["evil.example:8000", "10.0.0.1", "", "127.0.0.1.nip.io"]
)
def test_a_name_that_was_bent_to_this_machine(
    open_app: TestClient, path: str, host: str
) -> None:
    """A page elsewhere cannot make a browser ask for it, whatever its name leads to."""
    r = open_app.get(path, headers={"host": host})

    assert r.status_code == 403
    if path == "/":
        assert "localhost" in r.text
    else:
        assert r.json()["code"] == "foreign_host"


def test_the_first_key_closes_a_running_service(
    settings: Settings, database: Database
) -> None:
    """A service that runs notices the first key; a name elsewhere is then no matter."""
    app = create_app(settings)
    with TestClient(app) as c:
        before = c.post("/v1/score", json=POST)
        made = create_key(database, name="bot", scopes={Scope.SCORE})
        clock = app.state.keyring._clock  # noqa: SLF001 - nobody sleeps 5 s here
        app.state.keyring._clock = lambda: clock() + 5  # noqa: SLF001
        headers = {**_bearer(made.secret), "host": "kiemtin.example"}
        without = c.post("/v1/score", json=POST)
        with_key = c.post("/v1/score", json=POST, headers=headers)

    assert [r.status_code for r in (before, without, with_key)] == [200, 401, 200]


def test_others_are_never_let_in_without_a_key(settings: Settings) -> None:
    """A service that other machines reach is closed even before there is a key."""
    app = create_app(settings.model_copy(update={"host": "192.0.2.1"}))
    with TestClient(app) as c:
        r = c.post("/v1/score", json=POST)

    assert r.status_code == 401
