"""What the tests of export share: a small network, and its graph in fp32."""

from pathlib import Path

import pytest

from tests.fixtures.small_network import small_network
from training.exporting.graph import export_graph
from training.finetuning.model import MultiHeadClassifier


@pytest.fixture(scope="session")
def network() -> MultiHeadClassifier:
    """A small network of random weights."""
    return small_network()


@pytest.fixture(scope="session")
def fp32(
    network: MultiHeadClassifier, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """Its graph."""
    path = tmp_path_factory.mktemp("fp32") / "model.onnx"
    export_graph(network, path)
    return path
