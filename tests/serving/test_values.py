"""JSON of more values than anybody needs is told before it is read."""

import json

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from serving.bodies import POST_VALUES
from serving.errors import MalformedJsonError, TooManyValuesError
from serving.values import check_values
from tests.fixtures.line_stream import stream_lines

SIGNS = st.text(alphabet='"\\[]{},:a ', max_size=200)
VALUES = st.recursive(
    SIGNS | st.integers() | st.none(),
    lambda x: st.lists(x) | st.dictionaries(SIGNS, x),
    max_leaves=50,
)


def n_values(value: object) -> int:
    """Return how many values there are in *value*, names of fields not among them."""
    if isinstance(value, dict):
        return 1 + sum(n_values(x) for x in value.values())
    if isinstance(value, list):
        return 1 + sum(n_values(x) for x in value)
    return 1


@given(VALUES)
def test_no_value_is_missed(value: object) -> None:
    """What has more values is refused, whatever its texts look like."""
    text = json.dumps(value).encode()
    n = n_values(value)

    with pytest.raises(TooManyValuesError):
        check_values(b" " * n + text, n // 3 - 1, "it")


@given(VALUES)
def test_texts_are_not_values(value: object) -> None:
    """What a text says is not counted, and names of fields are counted once."""
    text = json.dumps(value).encode()

    check_values(text, 3 * n_values(value), "it")


@pytest.mark.parametrize("text", [b"[" * 9_999, b'{"a":' * 9_999])
def test_depth_is_told_from_number(text: bytes) -> None:
    """What is only nested is told so, as where there is less of it."""
    with pytest.raises(MalformedJsonError, match="it is nested too deeply"):
        check_values(text, 256, "it")


@pytest.mark.parametrize(
    "text",
    [b'"' + rb"\"" * 2_000_000, b'"' * 4_000_001, b'"\\', b"\\" * 4_000_000],
    ids=["escaped", "quotes", "cut off", "backslashes"],
)
def test_strings_without_end(text: bytes) -> None:
    """A string that does not end is looked at once, not from each of its characters."""
    try:
        check_values(text + b"," * 20, 10, "it")
    except TooManyValuesError as e:
        assert str(e) == "it has more than 10 values"  # noqa: PT017 - either will do


def test_a_post_of_many_values(client: TestClient) -> None:
    """Each way that a post may come refuses it in the same words."""
    post = {"text": "a", "labels": ["spam"] * 9_000}

    one = client.post("/v1/score", json=post)
    batch = client.post("/v1/score/batch", json={"items": [post]})
    _, line, _ = stream_lines(client, post)

    assert (one.status_code, one.json()["code"]) == (413, "too_many_values")
    assert batch.json()["code"] == "too_many_values"
    assert line["error"]["code"] == "too_many_values"
    assert line["error"]["detail"] == f"the line has more than {POST_VALUES} values"


def test_a_text_of_many_signs(client: TestClient) -> None:
    """A text may consist of nothing else than what separates values elsewhere."""
    r = client.post("/v1/score", json={"text": '",[{\\' * 1_000})

    assert r.status_code == 200


def test_the_first_hundred_faults_are_told(client: TestClient) -> None:
    """Who makes thousands of mistakes is not told each of them."""
    r = client.post("/v1/score", json={"text": "a", **{f"k{i}": 0 for i in range(999)}})

    assert r.status_code == 422
    assert len(r.json()["errors"]) == 100
