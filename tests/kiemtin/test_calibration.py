"""From logits to probabilities."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiemtin.bundle import read_manifest
from kiemtin.calibration import CalibratedHead, calibrate, mix, smooth_maximum
from kiemtin.labels import Label
from kiemtin.manifest import (
    Beta,
    Calibration,
    Isotonic,
    Manifest,
    Mixing,
    Platt,
    Temperature,
)
from tests.fixtures.tiny_bundle import WIDE

LOGIT = st.floats(-1e4, 1e4, width=32)
WEIGHT = st.floats(0, 10)
ROW = st.lists(LOGIT, min_size=5, max_size=5)


@pytest.fixture(scope="module")
def manifest(bundle: Path) -> Manifest:
    """The manifest of the tiny bundle: no calibration, the highest window counts."""
    return read_manifest(bundle)


@given(rows=st.lists(ROW, min_size=1, max_size=4))
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


@given(
    logits=st.lists(LOGIT, min_size=1, max_size=6),
    sharpness=st.floats(1e-6, 1e4),
)
def test_smooth_maximum(logits: list[float], sharpness: float) -> None:
    """Of any windows it is between their mean and the largest of them."""
    x = np.array(logits)

    pooled = smooth_maximum(x, sharpness)

    assert x.mean() - 1e-3 <= pooled <= x.max() + 1e-3


def test_smooth_pooling_is_the_label_s(manifest: Manifest) -> None:
    """Each label has its own sharpness, from the mean to the largest."""
    pooling = dict(manifest.pooling) | {Label.ABUSIVE: "smooth", Label.SPAM: "smooth"}
    sharpness = {Label.ABUSIVE: 1e-9, Label.SPAM: 1e3}
    head = CalibratedHead(
        manifest.model_copy(update={"pooling": pooling, "sharpness": sharpness})
    )
    logits = np.zeros((2, len(Label)), np.float32)
    logits[1] = 2

    p = dict(zip(Label, head(logits).tolist(), strict=True))

    assert p[Label.ABUSIVE] == pytest.approx(1 / (1 + np.exp(-1)), abs=1e-3)
    assert p[Label.SPAM] == pytest.approx(1 / (1 + np.exp(-2)), abs=1e-3)


def test_one_window_needs_no_pooling() -> None:
    """Of one window the pooled logit is its own, however sharp."""
    assert smooth_maximum(np.array([-3.7]), 0.2) == pytest.approx(-3.7)


CALIBRATIONS: list[Calibration] = [
    Temperature(temperature=1.7),
    Platt(slope=0.5, intercept=-1),
    Beta(a=0.7, b=1.2, c=-0.4),
    Beta(a=0, b=1, c=0),
    Isotonic(logits=(-4, -1, 3), probabilities=(0.01, 0.3, 0.98)),
]


@given(st.lists(LOGIT, min_size=2, max_size=20))
@pytest.mark.parametrize("calibration", CALIBRATIONS, ids=lambda c: c.method)
def test_calibration_keeps_order(calibration: Calibration, logits: list[float]) -> None:
    """However large the logits, a higher one never has a lower probability."""
    p = calibrate(calibration, np.sort(logits))

    assert ((p >= 0) & (p <= 1)).all()
    assert (np.diff(p) >= 0).all()


def test_each_method_says_what_it_says() -> None:
    """The formulas of the manifest, at a logit where all are easily known."""
    x = np.array([2.0])
    found = [float(calibrate(c, x)[0]) for c in CALIBRATIONS]

    q = 1 / (1 + np.exp(-2.0))
    beta = 0.7 * np.log(q) - 1.2 * np.log(1 - q) - 0.4
    expected = [
        1 / (1 + np.exp(-2 / 1.7)),
        0.5,
        1 / (1 + np.exp(-beta)),
        1 / (1 + 1 / (1 / (1 - q))),
        0.3 + 0.75 * 0.68,
    ]
    assert found == pytest.approx(expected)


def test_beta_of_ones_changes_nothing() -> None:
    """With a and b of 1 and c of 0 the curve is the logistic one."""
    x = np.linspace(-30, 30, 61)
    same = Platt(slope=1, intercept=0)

    np.testing.assert_allclose(
        calibrate(Beta(a=1, b=1, c=0), x), calibrate(same, x), rtol=1e-9
    )


def test_platt(manifest: Manifest) -> None:
    """Slope and intercept are those of the label."""
    calibration = dict(manifest.calibration)
    calibration[Label.SPAM] = Platt(slope=0.5, intercept=-1)
    head = CalibratedHead(manifest.model_copy(update={"calibration": calibration}))

    p = head(np.full((1, len(Label)), 4, np.float32)).tolist()

    assert p[-1] == pytest.approx(1 / (1 + np.exp(-1)))
    assert p[0] == pytest.approx(1 / (1 + np.exp(-4)))


@given(
    rows=st.lists(st.tuples(ROW, ROW), min_size=1, max_size=4),
    weights=st.lists(st.tuples(WEIGHT, WEIGHT), min_size=5, max_size=5),
)
def test_mix(
    rows: list[tuple[list[float], list[float]]], weights: list[tuple[float, float]]
) -> None:
    """Each label has its own weights of network and wide part, for any number of rows."""
    mixing = [Mixing(network=a, wide=b) for a, b in weights]
    network, wide = np.array([a for a, _ in rows]), np.array([b for _, b in rows])

    mixed = mix(mixing, network, wide)

    expected = [
        [a * x + b * y for (a, b), x, y in zip(weights, *row, strict=True)]
        for row in rows
    ]
    np.testing.assert_allclose(mixed, expected, atol=1e-9)
    np.testing.assert_allclose(mix(mixing, network[0], wide[0]), expected[0], atol=1e-9)


@given(network=ROW, wide=ROW)
def test_network_alone_is_no_mixture(network: list[float], wide: list[float]) -> None:
    """Where the wide part has no weight, the logits are the network's to the last bit."""
    alone = [Mixing(network=1, wide=0)] * 5

    assert mix(alone, np.array(network), np.array(wide)).tolist() == network


def test_head_mixes_what_was_pooled(manifest: Manifest) -> None:
    """The wide part is added once, to what the windows came to together."""
    head = CalibratedHead(manifest.model_copy(update={"wide": WIDE}))
    logits = np.zeros((3, len(Label)), np.float32)
    logits[1] = 2

    p = head(logits, np.array([9.0, 9.0, 9.0, -0.5, 3.0])).tolist()

    expected = [2, 2, 2, 2 - 0.5, 0.5 * 2 + 3]
    assert p == pytest.approx([1 / (1 + np.exp(-x)) for x in expected])


@given(rows=st.lists(ROW, min_size=1, max_size=4))
def test_head_without_a_wide_part(manifest: Manifest, rows: list[list[float]]) -> None:
    """A bundle without one is calibrated as ever, and its head has no use for one."""
    head, logits = CalibratedHead(manifest), np.array(rows, np.float32)

    assert head(logits, np.full(len(Label), 3.0)).tolist() == head(logits).tolist()
