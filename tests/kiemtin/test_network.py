"""The graph of a bundle, called with windows of any length."""

from pathlib import Path

import numpy as np
import pytest

from kiemtin.errors import BundleCorruptError
from kiemtin.manifest import MODEL_FILE
from kiemtin.network import Network
from tests.fixtures.tiny_bundle import BIAS, WEIGHT, WORDS

NGU, SALE = WORDS.index("ngu"), WORDS.index("sale")
WINDOWS = [[0, *[3] * (i % 37), NGU if i % 3 else SALE, 2] for i in range(700)]


@pytest.fixture(params=[True, False], ids=["batched", "row by row"])
def network(bundle: Path, request: pytest.FixtureRequest) -> Network:
    """The tiny network, told whether rows may share a batch."""
    return Network.load(
        bundle / MODEL_FILE, pad_id=1, rows_independent=request.param, threads=1
    )


def test_order_is_kept(network: Network) -> None:
    """Windows of mixed lengths get their own logits back, in their order."""
    logits = network.logits(WINDOWS)

    expected = [BIAS + WEIGHT * bool(i % 3) for i in range(len(WINDOWS))]
    assert logits[:, 1].tolist() == expected


def test_batch_is_one_by_one(network: Network) -> None:
    """What shares a batch with a window does not change its logits."""
    together = network.logits(WINDOWS[:40])
    alone = np.concatenate([network.logits([w]) for w in WINDOWS[:40]])

    np.testing.assert_allclose(together, alone, atol=1e-6)


def test_what_is_no_graph_is_refused(tmp_path: Path) -> None:
    """Bytes that ONNX Runtime cannot read are a corrupt bundle, not a crash."""
    path = tmp_path / MODEL_FILE
    path.write_bytes(b"not a graph")

    with pytest.raises(BundleCorruptError, match=MODEL_FILE):
        Network.load(path, pad_id=1, rows_independent=True, threads=1)


def test_no_windows(network: Network) -> None:
    """Nothing in, nothing out."""
    assert network.logits([]).shape == (0, 5)


def test_window_of_the_two_ends_alone(network: Network) -> None:
    """The shortest window there is has logits too."""
    assert network.logits([[0, 2]]).tolist() == [[BIAS] * 5]
