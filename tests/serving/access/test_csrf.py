"""Forms that other sites made, and forms of a session that is over."""

from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from serving.access.csrf import HEADER, csrf_token, needs_csrf, needs_same_site
from serving.access.signing_in import COOKIE
from serving.handlers import add_problem_handlers
from serving.middleware import RequestFrame

SESSION = "c" * 43
TOKEN = csrf_token(SESSION)


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    """A browser that is signed in."""
    app = FastAPI()

    @app.post("/form", dependencies=[needs_csrf])
    async def _() -> None: ...

    @app.post("/sign-in", dependencies=[needs_same_site])
    async def _() -> None: ...

    add_problem_handlers(app)
    app.add_middleware(RequestFrame)
    with TestClient(app, cookies={COOKIE: SESSION}) as c:
        yield c


def test_the_field_of_our_own_form(client: TestClient) -> None:
    """A form that a page of the session made is taken."""
    assert client.post("/form", data={"csrf": TOKEN}).status_code == 200


def test_the_header_of_our_own_script(client: TestClient) -> None:
    """A script of the page says the same in a header."""
    r = client.post("/form", json={}, headers={HEADER: TOKEN})

    assert r.status_code == 200


@pytest.mark.parametrize(
    "token", ["", "x", "đ", TOKEN[:-1], csrf_token(""), csrf_token("d" * 43)]
)
def test_another_token(client: TestClient, token: str) -> None:
    """What is not of this session is refused, and changes nothing."""
    r = client.post("/form", data={"csrf": token})

    assert (r.status_code, r.json()["code"]) == (403, "foreign_form")


@pytest.mark.parametrize(
    "content", [{}, {"json": {"csrf": TOKEN}}, {"files": {"csrf": TOKEN.encode()}}]
)
def test_no_token(client: TestClient, content: dict[str, object]) -> None:
    """A form without the field is refused, whatever else it is."""
    r = client.post("/form", **content)  # type: ignore[arg-type]

    assert (r.status_code, r.json()["code"]) == (403, "foreign_form")


@pytest.mark.parametrize("path", ["/form", "/sign-in"])
@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, 200),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "null"}, 200),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://testserver"}, 403),
        ({"Origin": "http://testserver"}, 200),
        ({"Origin": "https://testserver"}, 200),
        ({"Origin": "http://testserver:81"}, 403),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "null"}, 403),
    ],
)
def test_where_the_form_came_from(
    client: TestClient, path: str, headers: dict[str, str], status: int
) -> None:
    """What a browser says of the sender counts before anything in the form."""
    r = client.post(path, data={"csrf": TOKEN}, headers=headers)

    assert r.status_code == status
