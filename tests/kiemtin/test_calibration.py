"""From logits to probabilities."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiemtin.bundle import Calibration, Manifest, read_manifest
from kiemtin.calibration import CalibratedHead
from kiemtin.labels import Label

LOGIT = st.floats(-1e4, 1e4, width=32)


@pytest.fixture(scope="module")
def manifest(bundle: Path) -> Manifest:
    """The manifest of the tiny bundle: no calibration, the highest window counts."""
    return read_manifest(bundle)


@given(rows=st.lists(st.lists(LOGIT, min_size=5, max_size=5), min_size=1, max_size=4))
def test_probabilities(manifest: Manifest, rows: list[list[float]]) -> None:
    """Any logits give probabilities, and hate is never above abusive."""
    p = CalibratedHead(manifest)(np.array(rows, np.float32))

    assert p.shape == (len(Label),)
    assert ((p >= 0) & (p <= 1)).all()
    assert p[list(Label).index(Label.HATE)] <= p[list(Label).index(Label.ABUSIVE)]


def test_pooling(manifest: Manifest) -> None:
    """Windows are pooled label by label: the highest logit, or the mean."""
    pooling = dict(manifest.pooling) | {Label.UNRELIABLE: "mean"}
    head = CalibratedHead(manifest.model_copy(update={"pooling": pooling}))
    logits = np.zeros((2, len(Label)), np.float32)
    logits[1] = 2

    p = dict(zip(Label, head(logits).tolist(), strict=True))

    assert p[Label.UNRELIABLE] == pytest.approx(1 / (1 + np.exp(-1)))
    assert p[Label.SCAM] == pytest.approx(1 / (1 + np.exp(-2)))


def test_platt(manifest: Manifest) -> None:
    """Slope and intercept are those of the label."""
    calibration = dict(manifest.calibration)
    calibration[Label.SPAM] = Calibration(method="platt", slope=0.5, intercept=-1)
    head = CalibratedHead(manifest.model_copy(update={"calibration": calibration}))

    p = head(np.full((1, len(Label)), 4, np.float32)).tolist()

    assert p[-1] == pytest.approx(1 / (1 + np.exp(-1)))
    assert p[0] == pytest.approx(1 / (1 + np.exp(-4)))
