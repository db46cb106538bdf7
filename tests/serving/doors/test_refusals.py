"""What every door refuses, as the clients of each protocol know it."""

import gzip
from contextlib import closing
from typing import Any

import httplib2
import httpx
import numpy as np
import openai
import pytest
import tritonclient.http as triton
from fastapi.testclient import TestClient
from googleapiclient import discovery
from googleapiclient.errors import HttpError
from structlog.testing import capture_logs
from tritonclient.utils import InferenceServerException

from tests.serving.doors.conftest import Locked

WRONG = "kt_" + "x" * 43
TENSOR = {"name": "text", "shape": [1], "datatype": "BYTES", "data": ["a"]}
COMMENT = {"comment": {"text": "a"}, "requestedAttributes": {"SPAM": {}}}
BODIES: dict[str, dict[str, object]] = {
    "/v1/moderations": {"input": "a"},
    "/v1alpha1/comments:analyze": COMMENT,
    "/v2/models/kiemtin/infer": {"inputs": [TENSOR]},
}


def moderate(url: str, key: str) -> Any:
    """Ask as OpenAI's client does, once."""
    with openai.OpenAI(base_url=f"{url}/v1", api_key=key, max_retries=0) as client:
        return client.moderations.create(input="xin chào")


def analyze(url: str, key: str) -> Any:
    """Ask as Google's client does: the key is in the address, twice."""
    # A connection of its own, refused the document, it would leave open.
    with closing(httplib2.Http()) as http:
        client = discovery.build(
            "commentanalyzer",
            "v1alpha1",
            http=http,
            developerKey=key,
            discoveryServiceUrl=f"{url}/$discovery/rest?version=v1alpha1",
            static_discovery=False,
        )
        return client.comments().analyze(body=COMMENT).execute()


def infer(url: str, key: str) -> Any:
    """Ask as Triton's client does."""
    given = triton.InferInput("text", [1], "BYTES")
    given.set_data_from_numpy(np.array([b"a"], dtype=np.object_))
    with triton.InferenceServerClient(url.removeprefix("http://")) as client:
        headers = {"Authorization": f"Bearer {key}"}
        return client.infer("kiemtin", [given], headers=headers)


def spend(ask: Any, locked: Locked) -> None:
    """Ask more often than the key may."""
    for _ in range(6):
        ask(locked.url, locked.spent)


def test_a_key_opens_every_door(locked: Locked) -> None:
    """The key is sent as each client always sends one."""
    assert moderate(locked.url, locked.score).results
    assert analyze(locked.url, locked.score)["attributeScores"]
    assert infer(locked.url, locked.score).as_numpy("scores") is not None


def test_openai_without_a_key(locked: Locked) -> None:
    """Who may not is told so by the exceptions that OpenAI's client has for it."""
    with pytest.raises(openai.AuthenticationError) as unknown:
        moderate(locked.url, WRONG)
    with pytest.raises(openai.PermissionDeniedError) as forbidden:
        moderate(locked.url, locked.posts)

    assert (unknown.value.code, unknown.value.param) == ("unauthenticated", None)
    assert unknown.value.response.headers["www-authenticate"].startswith("Bearer ")
    assert forbidden.value.code == "forbidden"
    assert forbidden.value.type == "invalid_request_error"


def test_perspective_without_a_key(locked: Locked) -> None:
    """Google's client raises with the status, and what Google calls it."""
    url = f"{locked.url}/v1alpha1/comments:analyze"

    with pytest.raises(HttpError) as unknown:
        analyze(locked.url, WRONG)
    none = httpx.post(url, json=COMMENT).json()["error"]
    forbidden = httpx.post(url, params={"key": locked.posts}, json=COMMENT)

    assert unknown.value.status_code == 401
    assert (none["code"], none["status"]) == (401, "UNAUTHENTICATED")
    assert [x["metadata"]["code"] for x in none["details"]] == ["unauthenticated"]
    assert forbidden.json()["error"]["status"] == "PERMISSION_DENIED"


def test_inference_without_a_key(locked: Locked) -> None:
    """Triton's client raises; but whether the server is well, anybody may ask."""
    with pytest.raises(InferenceServerException, match=r"^.401. unauthenticated: "):
        infer(locked.url, WRONG)
    with pytest.raises(InferenceServerException, match=r"^.403. forbidden: "):
        infer(locked.url, locked.posts)
    with triton.InferenceServerClient(locked.url.removeprefix("http://")) as client:
        assert client.is_server_live()
        assert client.is_server_ready()


def test_a_key_that_is_used_up(locked: Locked) -> None:
    """Too much is 429 everywhere, and OpenAI's client is told when to come again."""
    with pytest.raises(openai.RateLimitError) as theirs:
        spend(moderate, locked)
    with pytest.raises(HttpError) as googles:
        spend(analyze, locked)
    with pytest.raises(InferenceServerException, match="rate_limited"):
        spend(infer, locked)

    assert theirs.value.code == "rate_limited"
    assert theirs.value.type == "rate_limit_error"
    assert int(theirs.value.response.headers["retry-after"]) > 0
    assert "ratelimit" in theirs.value.response.headers
    assert googles.value.status_code == 429
    assert "RESOURCE_EXHAUSTED" in googles.value.content.decode()


def test_no_model(hollow: str) -> None:
    """Without a model no door scores, and each says so with a later to come."""
    with pytest.raises(openai.InternalServerError) as theirs:
        moderate(hollow, WRONG)
    with pytest.raises(HttpError) as googles:
        analyze(hollow, WRONG)
    with pytest.raises(InferenceServerException, match="bundle_missing"):
        infer(hollow, WRONG)

    assert (theirs.value.status_code, theirs.value.code) == (503, "bundle_missing")
    assert theirs.value.type == "server_error"
    assert theirs.value.response.headers["retry-after"]
    assert googles.value.status_code == 503
    with triton.InferenceServerClient(hollow.removeprefix("http://")) as client:
        assert client.is_server_live()
        assert not client.is_server_ready()
        assert not client.is_model_ready("kiemtin")


@pytest.mark.parametrize("path", BODIES)
def test_a_request_is_one_line_without_key_or_text(
    client: TestClient, path: str
) -> None:
    """The log has the route and the number of texts, never an address with its key."""
    with capture_logs() as lines:
        r = client.post(f"{path}?key={WRONG}", json=BODIES[path])

    (line,) = (x for x in lines if x["event"] == "request")
    assert r.status_code == 200
    assert (line["n_items"], line["status"]) == (1, 200)
    assert line["model"]
    assert line["route"].split("{")[0] in path
    assert WRONG not in repr(lines)


@pytest.mark.parametrize("path", BODIES)
def test_doors_are_described(client: TestClient, path: str) -> None:
    """Each door is in the description, with errors in its own shape."""
    paths = client.get("/openapi.json").json()["paths"]
    described = paths[path.replace("kiemtin", "{name}")]["post"]

    (bad,) = described["responses"]["400"]["content"].values()
    names = {"ModerationErrorOut", "GoogleErrorOut", "InferErrorOut"}
    assert bad["schema"]["$ref"].rpartition("/")[2] in names
    assert described["requestBody"]["required"]
    assert described["security"]


def test_a_body_that_is_compressed(client: TestClient) -> None:
    """Triton's client may compress what it sends."""
    given = triton.InferInput("text", [1], "BYTES")
    given.set_data_from_numpy(np.array([b"a"], dtype=np.object_))
    body, length = triton.InferenceServerClient.generate_request_body([given])

    r = client.post(
        "/v2/models/kiemtin/infer",
        content=gzip.compress(body),
        headers={
            "content-encoding": "gzip",
            "inference-header-content-length": str(length),
        },
    )

    assert r.status_code == 200
