"""How each peer is started, asked and understood; imports none of their packages."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from tokenizers import Tokenizer

from benchmarks.peers import FOLDER, ROOT
from kiemtin.labels import Label

PYTHON = ROOT / ".venv-peers" / "bin" / "python"
"""Of the environment that ``make bench-peers`` makes for them."""
_HOST = "127.0.0.1"
_N_TOKENS_SENT = 250
"""Some fewer than the 254 that the network reads: a cut word may make one more token."""


@dataclass(frozen=True, slots=True)
class Peer:
    """
    Another server of the same network.

    Attributes:
        name: As the table has it.
        command: From a port to the command line that serves on it; run it in ``ROOT``.
        path: Where to POST a post.
        body: From a post to the body of the request, which is JSON.
        logits_or_scores: From the body of the answer to the scores: the sigmoid of each
            logit, uncalibrated, in the order of ``Label``.
        ready: Which path answers 200 when it is up.
        tolerance: How far a score may lie from ours: nothing but rounding where the graph
            is ours too, and more where torch computes in fp32 what the graph does in int8.
    """

    name: str
    command: Callable[[int], list[str]]
    path: str
    body: Callable[[str], bytes]
    logits_or_scores: Callable[[bytes], list[float]]
    ready: str
    tolerance: float = 1e-4


def _uvicorn(app: str) -> Callable[[int], list[str]]:
    return lambda port: [
        *(str(PYTHON), "-m", "uvicorn", f"benchmarks.peers.{app}:app"),
        *("--host", _HOST, "--port", str(port), "--no-access-log"),
    ]


def _litserve(port: int) -> list[str]:
    return [str(PYTHON), "-m", "benchmarks.peers.litserve_app", str(port)]


def _infinity(engine: str) -> Callable[[int], list[str]]:
    return lambda port: [
        *(str(PYTHON), "-m", "benchmarks.peers.infinity_app", engine, str(port))
    ]


def _text_body(post: str) -> bytes:
    return json.dumps({"text": post}).encode()


def _input_body(post: str) -> bytes:
    return json.dumps({"input": [post]}).encode()


def _cut_input_body(post: str) -> bytes:
    """Cut *post* here: with Optimum, Infinity does not, and answers 500 instead."""
    return _input_body(_cut(post))


def _cut(post: str) -> str:
    spans = _tokenizer().encode(post, add_special_tokens=False).offsets
    return post if len(spans) <= _N_TOKENS_SENT else post[: spans[_N_TOKENS_SENT][0]]


@cache
def _tokenizer() -> Tokenizer:
    return Tokenizer.from_file(str(FOLDER / "tokenizer.json"))


def _plain_scores(answer: bytes) -> list[float]:
    scores: list[float] = json.loads(answer)["scores"]
    return scores


def _named_scores(answer: bytes) -> list[float]:
    return _in_order(json.loads(answer))


def _infinity_scores(answer: bytes) -> list[float]:
    return _in_order(json.loads(answer)["data"][0])


def _in_order(found: list[dict[str, object]]) -> list[float]:
    by_label = {x["label"]: float(str(x["score"])) for x in found}
    return [by_label[label] for label in Label]


_FP32 = 0.02

PEERS: tuple[Peer, ...] = (
    Peer(
        "infinity", _infinity("optimum"), "/classify", _cut_input_body, _infinity_scores,
        "/health",
    ),
    Peer(
        "infinity-torch", _infinity("torch"), "/classify", _input_body, _infinity_scores,
        "/health", _FP32,
    ),
    Peer("litserve", _litserve, "/predict", _text_body, _plain_scores, "/health"),
    Peer(
        "pipeline", _uvicorn("pipeline_app"), "/score", _text_body, _named_scores,
        "/health", _FP32,
    ),
    Peer("bare", _uvicorn("bare_app"), "/score", _text_body, _plain_scores, "/health"),
)  # fmt: skip
