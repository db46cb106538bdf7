"""The logits of windows become one logit, as in serving."""

from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from kiemtin.bundle import read_manifest
from kiemtin.calibration import CalibratedHead
from kiemtin.labels import Label
from kiemtin.manifest import Pooling
from tests.fixtures.tiny_bundle import write_tiny_bundle
from training.finetuning.pooling import WindowPooling

LOGITS = torch.tensor(
    [
        [-2.0, 1.0, -4.0, 0.5, 0.0],
        [1.0, -1.0, -5.0, 2.0, 0.1],
        [0.0, 3.0, 0.0, 0.0, 0.0],
    ]
)
ROW_OF = torch.tensor([0, 0, 1])
ONE_ROW = st.lists(st.floats(-30, 30, width=32), min_size=1, max_size=8)


def _pooling(kind: Pooling, sharpness: float = 1.0) -> WindowPooling:
    pooling = WindowPooling(dict.fromkeys(Label, kind))
    with torch.no_grad():
        pooling.raw.fill_(float(np.log(np.expm1(sharpness))))
    return pooling


def _pool(pooling: WindowPooling, values: list[float]) -> float:
    logits = torch.tensor(values).unsqueeze(1).expand(-1, len(Label))
    row_of = torch.zeros(len(values), dtype=torch.long)
    return float(pooling(logits, row_of, 1)[0, 0].detach())


@pytest.mark.parametrize("kind", ["mean", "max", "smooth"])
def test_pooling_is_that_of_serving(tmp_path: Path, kind: Pooling) -> None:
    """Training and serving make one logit of several windows in the same way."""
    kinds: dict[Label, Pooling] = {
        x: "mean" if x is Label.UNRELIABLE else kind for x in Label
    }
    manifest = read_manifest(write_tiny_bundle(tmp_path))
    pooling = WindowPooling(kinds)
    update = {"pooling": kinds, "sharpness": pooling.learned()}
    head = CalibratedHead(manifest.model_copy(update=update))

    pooled = pooling(LOGITS, ROW_OF, 2).detach()

    expected = [head(LOGITS[:2].numpy()), head(LOGITS[2:].numpy())]
    np.testing.assert_allclose(
        torch.sigmoid(pooled).numpy()[:, :2], np.array(expected)[:, :2], atol=1e-6
    )


@given(ONE_ROW, st.floats(0.05, 20))
def test_smooth_is_between_mean_and_maximum(
    values: list[float], sharpness: float
) -> None:
    """However large the logits are, it is a number, no less than the mean."""
    found = _pool(_pooling("smooth", sharpness), values)

    assert np.mean(values) - 1e-2 <= found <= max(values) + 1e-3


@given(ONE_ROW)
def test_smooth_nears_the_mean_and_the_maximum(values: list[float]) -> None:
    """A small sharpness is the mean, a large one the maximum."""
    gap = np.log(len(values)) / 100
    assert _pool(_pooling("smooth", 100), values) >= max(values) - gap - 1e-3
    spread = max(values) - min(values)
    mean = float(np.mean(values))
    assert _pool(_pooling("smooth", 1e-3), values) <= mean + spread**2 * 1e-3 + 1e-2


def test_one_window_is_its_own() -> None:
    """Pooling does nothing to a text of one window."""
    for kind in ("mean", "max", "smooth"):
        assert _pool(_pooling(kind), [1.5]) == pytest.approx(1.5)


def test_sharpness_learns_only_where_it_is_used() -> None:
    """Without a smooth label there is nothing to learn, and nothing is written down."""
    kinds: dict[Label, Pooling] = dict.fromkeys(Label, "max")
    plain = WindowPooling(kinds)
    smooth = WindowPooling({**kinds, Label.SPAM: "smooth"})

    smooth(LOGITS, ROW_OF, 2).sum().backward()

    assert not plain.raw.requires_grad
    assert plain.learned() == {}
    assert smooth.learned() == {Label.SPAM: pytest.approx(1.0)}
    assert smooth.raw.grad is not None
    assert (smooth.raw.grad != 0).tolist() == [False, False, False, False, True]
