"""Every failure is one kind of answer, and every kind is documented."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

import serving.errors
from kiemtin.errors import KiemtinError
from serving.problems import status_of

API = (Path(__file__).parents[2] / "docs/api.md").read_text(encoding="utf-8")
PRIVATE = "bí mật"


def _leaves(cls: type[KiemtinError]) -> Iterator[type[KiemtinError]]:
    for child in cls.__subclasses__():
        yield from _leaves(child)
    if not cls.__subclasses__() and cls.__module__.startswith(
        ("kiemtin.errors", "serving.errors")
    ):
        yield cls


def test_the_tree_grows_from_the_core() -> None:
    """The service's errors are errors of ours."""
    assert issubclass(serving.errors.RequestError, KiemtinError)


@pytest.mark.parametrize("error", list(_leaves(KiemtinError)), ids=lambda e: e.__name__)
def test_each_error_has_its_heading_and_status(error: type[KiemtinError]) -> None:
    """docs/api.md has a heading for each code, with the status that it really has."""
    heading = re.search(rf"^### `{error.code}` (.+)$", API, re.MULTILINE)

    assert heading
    assert heading[1] in {f"({status_of(error):d})", "(command line)"}
    row = re.search(rf"^\| `{error.code}` \| (.+?) \|", API, re.MULTILINE)
    assert row
    assert row[1] == heading[1].strip("()")


def test_a_problem_has_all_its_members(client: TestClient) -> None:
    """A problem says what, where, why, and which request it was."""
    r = client.post("/v1/score", json={"text": ""}, headers={"x-request-id": "abc-1"})

    assert r.json() == {
        "type": "urn:kiemtin:problem:empty_text",
        "title": "Nothing is left of the text after normalization",
        "status": 422,
        "detail": "nothing that can be seen is in the text",
        "instance": "/v1/score",
        "code": "empty_text",
        "request_id": "abc-1",
        "errors": [],
    }


def test_nothing_is_there(client: TestClient) -> None:
    """An unknown address is a problem like any other."""
    r = client.get("/v2/none")

    assert (r.status_code, r.json()["code"]) == (404, "not_found")
    assert r.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("path", "allowed"),
    [("/v1/score", "POST"), ("/v1/webhooks", "GET, POST"), ("/v1/posts/a", "GET")],
)  # fmt: skip
def test_another_method(client: TestClient, path: str, allowed: str) -> None:
    """A wrong method is told which ones are right, of all routes at the address."""
    r = client.put(path)

    assert (r.status_code, r.json()["code"]) == (405, "method_not_allowed")
    assert r.headers["allow"] == allowed


@pytest.mark.parametrize(
    "given", ["", "x" * 129, "a b", "<script>", "đ"], ids=["none", "long", "space", "tag", "letter"]
)  # fmt: skip
def test_a_request_id_that_is_not_ours_to_repeat(
    client: TestClient, given: str
) -> None:
    """An id that could be mistaken for something else is replaced by one of ours."""
    r = client.get("/live", headers={b"x-request-id": given.encode()})

    assert re.fullmatch("req_[0-9a-f]{32}", r.headers["x-request-id"])
