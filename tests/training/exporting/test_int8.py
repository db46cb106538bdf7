"""The exported graph is the network, in int8, and its rows are independent."""

from collections import Counter
from pathlib import Path

import numpy as np
import onnx
import onnxruntime as ort
import pytest
import torch

from training.export import export_int8
from training.model import MultiHeadClassifier, load_encoder

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def graph(encoder_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small network, exported."""
    torch.manual_seed(0)
    network = load_encoder(encoder_folder, dropout=0.0, attention="eager")
    model = MultiHeadClassifier(network, n_corpora=1, dropout=0.0)
    path = tmp_path_factory.mktemp("graph") / "model.onnx"
    assert export_int8(model, path) < 0.05
    return path


def _logits(session: ort.InferenceSession, rows: list[list[int]]) -> np.ndarray:
    width = max(map(len, rows))
    ids = np.array([[*r, *[1] * (width - len(r))] for r in rows], dtype=np.int64)
    mask = np.array([[1] * len(r) + [0] * (width - len(r)) for r in rows])
    feed = {"input_ids": ids, "attention_mask": mask.astype(np.int64)}
    return np.asarray(session.run(["logits"], feed)[0])


def test_weights_are_int8(graph: Path) -> None:
    """No large table of floats is left in the file."""
    model = onnx.load(graph)

    large = [t for t in model.graph.initializer if np.prod(t.dims) > 20_000]

    assert large
    assert {t.data_type for t in large} <= {
        onnx.TensorProto.INT8,
        onnx.TensorProto.UINT8,
    }
    assert Counter(n.op_type for n in model.graph.node)["MatMulNBits"] >= 12


def test_neighbours_change_nothing(graph: Path) -> None:
    """A row gets the same logits alone and in any company."""
    session = ort.InferenceSession(graph, providers=["CPUExecutionProvider"])
    rng = np.random.default_rng(0)
    row = [0, *rng.integers(5, 1000, 20).tolist(), 2]
    alone = _logits(session, [row])[0]

    for n in (1, 3, 8):
        others = [rng.integers(5, 1000, 40).tolist() for _ in range(n)]
        in_company = _logits(session, [*others, row])[-1]
        assert np.abs(in_company - alone).max() < 1e-4


def test_no_path_of_the_machine_is_in_the_graph(graph: Path) -> None:
    """What is shipped does not say in which folder it was made."""
    assert str(Path(__file__).parents[2]).encode() not in graph.read_bytes()
