"""The Open Inference Protocol, with Triton's client and without."""

import json
import struct
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import tritonclient.http as triton
from fastapi.testclient import TestClient
from tritonclient.utils import InferenceServerException

from kiemtin.labels import Label

MODEL = "/v2/models/kiemtin"
TEXTS = ["xin chào", "đồ ngu", "nhập otp"]
FLAGGED = [[], ["abusive"], ["scam"]]
PRIVATE = "bí mật"


@pytest.fixture(scope="module")
def server(service: str) -> Iterator[Any]:
    """Triton's client, with another address and nothing else changed."""
    with triton.InferenceServerClient(service.removeprefix("http://")) as client:
        yield client


def tensor(texts: list[str], *shape: int, binary: bool = True) -> Any:
    """Return *texts* as an input of Triton's client."""
    given = triton.InferInput("text", list(shape) or [len(texts)], "BYTES")
    array = np.array([x.encode() for x in texts], dtype=np.object_)
    given.set_data_from_numpy(array.reshape(shape or -1), binary_data=binary)
    return given


def infer(client: TestClient, **body: object) -> Any:
    """Return the answer to a request in JSON."""
    good = {
        "inputs": [{"name": "text", "shape": [1], "datatype": "BYTES", "data": ["a"]}]
    }
    return client.post(f"{MODEL}/infer", json=good | body)


def test_health(server: Any) -> None:
    """Server and model are there, under the version that scores and no other."""
    (version,) = server.get_model_metadata("kiemtin")["versions"]

    assert server.is_server_live()
    assert server.is_server_ready()
    assert server.is_model_ready("kiemtin")
    assert server.is_model_ready("kiemtin", version)
    assert not server.is_model_ready("kiemtin", "99")
    assert not server.is_model_ready("other")


def test_metadata(server: Any) -> None:
    """The tensors are described, and the order of the labels."""
    metadata = server.get_model_metadata("kiemtin")

    assert server.get_server_metadata()["extensions"] == ["binary_tensor_data"]
    assert metadata["inputs"] == [{"name": "text", "datatype": "BYTES", "shape": [-1]}]
    assert [(x["name"], x["datatype"], x["shape"]) for x in metadata["outputs"]] == [
        ("scores", "FP32", [-1, 5]),
        ("flagged", "BOOL", [-1, 5]),
        ("recommendation", "BYTES", [-1]),
    ]
    assert metadata["parameters"]["labels"].split(",") == list(Label)


@pytest.mark.parametrize("binary_in", [True, False])
@pytest.mark.parametrize("binary_out", [True, False, None])
@pytest.mark.parametrize("shape", [(3,), (3, 1)], ids=str)
def test_texts(
    server: Any, shape: tuple[int, ...], *, binary_in: bool, binary_out: bool | None
) -> None:
    """In bytes or in JSON, either way: the same figures, row by row."""
    names = ["scores", "flagged", "recommendation"]
    wishes = None
    if binary_out is not None:
        wishes = [triton.InferRequestedOutput(x, binary_out) for x in names]

    result = server.infer(
        "kiemtin", [tensor(TEXTS, *shape, binary=binary_in)], outputs=wishes
    )

    scores, flagged = result.as_numpy("scores"), result.as_numpy("flagged")
    assert (scores.dtype, scores.shape) == (np.float32, (3, 5))
    assert (flagged.dtype, flagged.shape) == (np.bool_, (3, 5))
    labels = np.array(list(Label))
    assert [labels[row].tolist() for row in flagged] == FLAGGED
    assert [labels[row > 0.9].tolist() for row in scores] == FLAGGED
    recommended = [
        x.decode() if isinstance(x, bytes) else x
        for x in result.as_numpy("recommendation")
    ]
    assert recommended == ["none", "review", "review"]


def test_only_what_is_wanted(server: Any) -> None:
    """Outputs that were not asked for are not sent, and an id comes back."""
    result = server.infer(
        "kiemtin",
        [tensor(TEXTS)],
        outputs=[triton.InferRequestedOutput("flagged")],
        request_id="abc",
        timeout=60_000_000,
    )

    reply = result.get_response()
    assert [x["name"] for x in reply["outputs"]] == ["flagged"]
    assert reply["id"] == "abc"
    assert reply["parameters"]["labels"].split(",") == list(Label)
    assert result.as_numpy("scores") is None


def test_many_texts(server: Any) -> None:
    """A large tensor is scored like a small one."""
    result = server.infer("kiemtin", [tensor(TEXTS * 80)])

    assert result.as_numpy("flagged").sum(axis=1).tolist() == [0, 1, 1] * 80


def test_a_refusal(server: Any) -> None:
    """Triton's client raises with the status, the code and the index."""
    with pytest.raises(InferenceServerException, match=r"empty_text: text\[1\]") as e:
        server.infer("kiemtin", [tensor(["xin chào", ""])])

    assert e.value.status() == "400"


@pytest.mark.parametrize("path", ["/v2/models/other", f"{MODEL}/versions/99"])
@pytest.mark.parametrize("what", ["", "/ready", "/infer"])
def test_another_model(client: TestClient, path: str, what: str) -> None:
    """A model or version that is not here is not found."""
    r = client.request("POST" if what == "/infer" else "GET", path + what)

    assert r.status_code == 404
    assert r.json()["error"].startswith("not_found: ")


TEXT = {"name": "text", "shape": [1], "datatype": "BYTES", "data": ["a"]}


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"inputs": []}, "invalid_field"),
        ({"inputs": [TEXT, TEXT]}, "invalid_field"),
        ({"inputs": [TEXT | {"name": "other"}]}, "invalid_field"),
        ({"inputs": [TEXT | {"datatype": "FP32"}]}, "invalid_field"),
        ({"inputs": [TEXT | {"shape": []}]}, "invalid_field"),
        ({"inputs": [TEXT | {"shape": [-1]}]}, "invalid_field"),
        ({"inputs": [TEXT | {"shape": [1, 1, 1]}]}, "invalid_field"),
        ({"inputs": [TEXT | {"shape": [2]}]}, "malformed_tensor"),
        ({"inputs": [TEXT | {"shape": [1, 2]}]}, "malformed_tensor"),
        ({"inputs": [TEXT | {"shape": [0], "data": []}]}, "empty_batch"),
        ({"inputs": [TEXT | {"data": [5]}]}, "invalid_field"),
        ({"inputs": [TEXT | {"data": [["a", "b"]]}]}, "invalid_field"),
        ({"inputs": [TEXT | {"data": None}]}, "malformed_tensor"),
        (
            {"inputs": [TEXT | {"parameters": {"binary_data_size": 5}}]},
            "malformed_tensor",
        ),
        (
            {"inputs": [TEXT | {"parameters": {"shared_memory_region": "x"}}]},
            "unknown_field",
        ),
        ({"inputs": [TEXT | {"data": [""]}]}, "empty_text"),
        ({"outputs": [{"name": "logits"}]}, "invalid_field"),
        (
            {"outputs": [{"name": "scores", "parameters": {"classification": 2}}]},
            "unknown_field",
        ),
        ({"parameters": {"timeout": 0}}, "invalid_field"),
        ({"parameters": {"sequence_id": 5}}, "unknown_field"),
        ({"author": PRIVATE}, "unknown_field"),
    ],
    ids=lambda x: str(x)[:80],
)
def test_bad_input(client: TestClient, body: dict[str, object], code: str) -> None:
    """What is not a tensor of texts is a 400 with one string that begins with a code."""
    r = infer(client, **body)

    assert r.status_code == 400
    assert list(r.json()) == ["error"]
    assert r.json()["error"].startswith(f"{code}: ")
    assert PRIVATE not in r.text


def test_too_many_texts(client: TestClient) -> None:
    """More texts than the limit are too much, as in a batch."""
    r = infer(client, inputs=[TEXT | {"shape": [257], "data": ["a"] * 257}])

    assert r.status_code == 413
    assert r.json()["error"].startswith("too_many_items: ")


def test_a_text_that_is_too_long(client: TestClient) -> None:
    """A long text is refused by its index, and not cut."""
    data = ["a", PRIVATE * 20_000]

    r = infer(client, inputs=[TEXT | {"shape": [2], "data": data}])

    assert r.status_code == 413
    assert r.json()["error"].startswith("text_too_long: text[1]: ")


def element(text: bytes) -> bytes:
    """Return one element of a BYTES tensor."""
    return struct.pack("<I", len(text)) + text


@pytest.mark.parametrize(
    ("binary", "said", "code"),
    [
        (element(b"a"), 6, "malformed_tensor"),
        (element(b"a"), 4, "malformed_tensor"),
        (element(b"a") + b"\0\0", 7, "malformed_tensor"),
        (struct.pack("<I", 2**32 - 1) + b"a", 5, "malformed_tensor"),
        (element(b"a") * 2, 10, "malformed_tensor"),
        (element(b"\xff"), 5, "invalid_unicode"),
        (b"", 0, "malformed_tensor"),
    ],
    ids=str,
)
def test_bad_bytes(client: TestClient, binary: bytes, said: int, code: str) -> None:
    """Bytes that are not the tensor they should be are refused, whatever they say."""
    given = {k: v for k, v in TEXT.items() if k != "data"}
    head = json.dumps(
        {"inputs": [given | {"parameters": {"binary_data_size": said}}]}
    ).encode()

    r = client.post(
        f"{MODEL}/infer",
        content=head + binary,
        headers={"inference-header-content-length": str(len(head))},
    )

    assert r.status_code == 400
    assert r.json()["error"].startswith(f"{code}: ")


@pytest.mark.parametrize("length", ["", "-1", "x", "9999999", "١"])
def test_a_bad_length(client: TestClient, length: str) -> None:
    """A header that cannot be true is refused."""
    r = client.post(
        f"{MODEL}/infer",
        content=b"{}",
        headers={b"inference-header-content-length": length.encode()},
    )

    assert r.status_code == 400
    assert r.json()["error"].startswith("malformed_tensor: ")


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"\xff"])
def test_a_body_that_cannot_be_read(client: TestClient, body: bytes) -> None:
    """A body that is no JSON object is refused in the protocol's shape."""
    r = client.post(f"{MODEL}/infer", content=body)

    assert r.status_code == 400
    assert list(r.json()) == ["error"]
