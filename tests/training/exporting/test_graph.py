"""The exported graph is the network, in few and large operators."""

from collections import Counter
from pathlib import Path

import numpy as np
import onnx
import pytest
import torch

from tests.fixtures.checkout import ROOT
from tests.fixtures.small_network import LONGEST, N_LAYERS, N_TOKENS, small_network
from training.errors import ExportError
from training.exporting.forms import INT8_FORMS, write_form
from training.exporting.graph import PARITY, export_graph, run_graph
from training.finetuning.model import MultiHeadClassifier


def _batch(n_rows: int, width: int) -> tuple[np.ndarray, np.ndarray]:
    ids = np.random.default_rng(1).integers(5, N_TOKENS, (n_rows, width))
    mask = np.ones_like(ids)
    mask[-1, width // 2 :] = 0
    return ids, mask


@pytest.mark.parametrize(("n_rows", "width"), [(1, 3), (2, 17), (5, LONGEST)])
def test_graph_computes_what_the_network_does(
    network: MultiHeadClassifier, fp32: Path, n_rows: int, width: int
) -> None:
    """At any number of rows and tokens, up to the last position, logits are the same."""
    ids, mask = _batch(n_rows, width)

    with torch.inference_mode():
        expected = network(torch.from_numpy(ids), torch.from_numpy(mask)).numpy()

    assert np.abs(run_graph(fp32, ids, mask) - expected).max() <= PARITY


@pytest.mark.parametrize("form", INT8_FORMS, ids=lambda f: f.name)
def test_attention_is_fused(fp32: Path, tmp_path: Path, form: object) -> None:
    """A layer is one attention, two normalizations after their sums, and one GELU."""
    write_form(form, fp32, tmp_path / "model.onnx")  # type: ignore[arg-type]
    graph = onnx.load(tmp_path / "model.onnx").graph

    found = Counter(n.op_type for n in graph.node)

    assert found["MultiHeadAttention"] == N_LAYERS
    assert found["SkipLayerNormalization"] == 0  # slower than the two that it is
    assert found["LayerNormalization"] == 2 * N_LAYERS + 1
    assert found["BiasGelu"] == N_LAYERS
    assert found["Softmax"] == found["Transpose"] == 0


def test_query_key_and_value_are_one_product(fp32: Path) -> None:
    """A layer multiplies by four matrices, not six."""
    nodes = onnx.load(fp32).graph.node

    assert sum(n.op_type == "MatMul" for n in nodes) == 4 * N_LAYERS


def test_tokens_that_the_encoder_lacks_are_unknown(tmp_path: Path) -> None:
    """What PhoBERT's tokenizer has beyond its table is folded inside the graph."""
    export_graph(small_network(n_tokens=N_TOKENS + 50), tmp_path / "model.onnx")
    ids, mask = _batch(2, 9)
    unknown = ids.copy()
    ids[:, 4], unknown[:, 4] = N_TOKENS + 7, 3

    found, expected = (
        run_graph(tmp_path / "model.onnx", x, mask) for x in (ids, unknown)
    )

    np.testing.assert_array_equal(found, expected)


def test_no_path_of_the_machine_is_in_the_graph(
    network: MultiHeadClassifier, tmp_path: Path
) -> None:
    """What is shipped does not say in which folder it was made."""
    network.encoder.save_pretrained(tmp_path / "encoder")
    network.encoder.config._name_or_path = str(tmp_path)  # noqa: SLF001 - as loading does

    export_graph(network, tmp_path / "model.onnx")

    raw = (tmp_path / "model.onnx").read_bytes()
    assert str(ROOT).encode() not in raw
    assert str(tmp_path).encode() not in raw


def test_graph_of_a_broken_network_is_refused(tmp_path: Path) -> None:
    """A graph whose logits are not the network's, or no numbers, is not shipped."""
    network = small_network()
    with torch.no_grad():
        network.heads["scam"][0].bias[0] = float("nan")  # type: ignore[index]

    with pytest.raises(ExportError, match="from the network's"):
        export_graph(network, tmp_path / "model.onnx")
