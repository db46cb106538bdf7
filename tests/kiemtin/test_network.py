"""The graph of a bundle, called with windows of any length."""

from pathlib import Path

import numpy as np
import onnxruntime as ort
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kiemtin.errors import BundleCorruptError, ProviderUnavailableError
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


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.integers(2, 256), max_size=80))
def test_batches_hardly_pad(network: Network, lengths: list[int]) -> None:
    """Each window is in one batch, of which less than a tenth is padding."""
    batches = network.batches(lengths)

    assert sorted(i for batch in batches for i in batch) == list(range(len(lengths)))
    for batch in batches:
        n_run = max(lengths[i] for i in batch) * len(batch)
        assert n_run - sum(lengths[i] for i in batch) < 0.1 * n_run
        assert n_run <= 256 or len(batch) == 1


def test_rows_that_depend_on_others_go_alone(bundle: Path) -> None:
    """A graph with one scale for a whole batch gets one window at a time."""
    network = Network.load(
        bundle / MODEL_FILE, pad_id=1, rows_independent=False, threads=1
    )

    assert sorted(network.batches([4, 4, 4])) == [[0], [1], [2]]


def test_a_device_that_is_not_there(bundle: Path) -> None:
    """Who asks for a GPU hears that there is none, and does not wait for a CPU."""
    if "CUDAExecutionProvider" in ort.get_available_providers():
        pytest.skip("there is one here")

    with pytest.raises(ProviderUnavailableError, match="cuda"):
        Network.load(
            bundle / MODEL_FILE,
            pad_id=1,
            rows_independent=True,
            threads=1,
            provider="cuda",
        )
