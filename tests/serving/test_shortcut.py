"""The short way to a score: nobody can tell that it was taken."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest
from fastapi.testclient import TestClient
from hypothesis import given, settings
from hypothesis import strategies as st

from serving.app import create_app
from serving.routes import score
from serving.settings import Settings
from serving.shortcut import Shortcut

JSON = {"content-type": "application/json"}
FIELDS = st.fixed_dictionaries(
    {},
    optional={
        "text": st.sampled_from(["đồ ngu", "xin chào", "", "a" * 70_000, 7, None])
        | st.text(),
        "id": st.sampled_from(["a", "", "a" * 200, 7]) | st.text(max_size=3),
        "labels": st.sampled_from([["spam"], [], ["fake"], None, ["spam", "hate"]]),
        "explain": st.sampled_from([True, False, 1, "yes", None]),
        "context": st.sampled_from([{"title": "a"}, {"author": "b"}, None]),
        "author": st.just("nobody"),
    },
)
BODIES = (
    FIELDS.map(lambda x: json.dumps(x).encode())
    | FIELDS.map(lambda x: json.dumps(x, ensure_ascii=False).encode("utf-8", "replace"))
    | st.binary(max_size=20)
    | st.sampled_from(
        [
            b'{"text": "\\ud800"}',
            b'{"text": "a", "text": "b"}',
            b'\xef\xbb\xbf{"text": "a"}',
            b'{"text": "a"} {}',
            b'{"text": NaN}',
            b'{"text": "a", "id": 1e999}',
            b"[" * 200_000,
            b"",
        ]
    )
)


@pytest.fixture(scope="module")
def long_way(
    bundle: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[TestClient]:
    """A client of a service that knows no short way."""
    database = tmp_path_factory.mktemp("long") / "kiemtin.db"
    app = create_app(Settings(bundle=bundle, database_url=f"sqlite:///{database}"))
    app.user_middleware = [
        x for x in app.user_middleware if cast("object", x.cls) is not Shortcut
    ]
    with TestClient(app) as c:
        yield c


@given(BODIES)
@settings(max_examples=200, deadline=None)
def test_both_ways_answer_alike(
    client: TestClient, long_way: TestClient, body: bytes
) -> None:
    """Whatever is sent: the same status, the same headers, the same body."""
    headers = {**JSON, "x-request-id": "same"}
    short = client.post("/v1/score", content=body, headers=headers)
    long = long_way.post("/v1/score", content=body, headers=headers)

    assert short.status_code == long.status_code
    assert _settled(short.content) == _settled(long.content)
    for name in ("content-type", "ratelimit-policy", "retry-after", "x-request-id"):
        assert short.headers.get(name) == long.headers.get(name)


@pytest.mark.parametrize(
    "headers",
    [
        {"content-type": "application/json; charset=latin-1"},
        {"content-type": "text/plain"},
        {"content-type": "application/json;charset=UTF-8"},
        {},
        {**JSON, "content-encoding": "gzip"},
        {**JSON, "content-encoding": "br"},
    ],
)
def test_headers_count_on_both_ways(
    client: TestClient, long_way: TestClient, headers: dict[str, str]
) -> None:
    """A type or an encoding that is refused is refused on the short way too."""
    body = b'{"text": "a", "id": "a"}'
    short = client.post("/v1/score", content=body, headers=headers)
    long = long_way.post("/v1/score", content=body, headers=headers)

    assert short.status_code == long.status_code
    assert short.json().get("code") == long.json().get("code")


@pytest.mark.parametrize("method", ["GET", "PUT", "HEAD", "OPTIONS"])
def test_other_methods_take_the_long_way(
    client: TestClient, long_way: TestClient, method: str
) -> None:
    """Only POST is answered here."""
    ours, theirs = (c.request(method, "/v1/score") for c in (client, long_way))

    assert ours.status_code == theirs.status_code == 405


def test_the_short_way_is_taken(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A plain request does not reach the framework's route; an odd one does."""
    reached = []

    class Watched:
        async def __call__(self, *args: object) -> bytes:
            reached.append(args)
            return b"{}"

    monkeypatch.setattr(score, "score_one", Watched())
    client.post("/v1/score", json={"text": "a"})
    assert not reached

    odd = {"content-type": 'application/json; charset="utf-8"'}
    client.post("/v1/score", content=b'{"text": "a"}', headers=odd)
    assert reached


def _settled(content: bytes) -> object:
    """Return what is answered, without the id that is made up for a text."""
    try:
        answer = json.loads(content)
    except ValueError:
        return content
    if isinstance(answer, dict) and str(answer.get("id")).startswith("item_"):
        answer["id"] = ""
    return answer
