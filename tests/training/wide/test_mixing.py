"""Each side counts as much as it tells on rows that neither has learnt from."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from kiemtin.labels import Label
from kiemtin.manifest import Mixing
from tests.fixtures.wide_rows import row_of
from training.wide.mixing import fit_all, fit_mixing

HALVES = Mixing(network=0.5, wide=0.5)
Floats = NDArray[np.float64]


def _drawn(n: int = 2000, *, seed: int = 0) -> tuple[NDArray[np.int64], Floats, Floats]:
    """Return what is true, and two logits that tell it, each with errors of its own."""
    rng = np.random.default_rng(seed)
    truth = (rng.random(n) < 0.3).astype(np.int64)
    one, other = (rng.normal(2 * truth - 1, 1.5) for _ in range(2))
    return truth, one, other


def _loss(mixing: Mixing, network: Floats, wide: Floats, truth: Floats) -> float:
    x = mixing.network * network + mixing.wide * wide
    # With the best bias, as calibration would find it.
    biases = np.linspace(-4, 4, 161)[:, None]
    losses = np.logaddexp(0, x + biases) - truth * (x + biases)
    return float(losses.mean(axis=1).min())


def test_both_are_better_than_one() -> None:
    """Where errors are of their own, mixed logits lose less than either alone."""
    truth, network, wide = _drawn()
    seen, unseen = slice(1000), slice(1000, None)

    mixing = fit_mixing(network[seen], wide[seen], truth[seen])

    losses = [
        _loss(x, network[unseen], wide[unseen], truth[unseen].astype(np.float64))
        for x in (mixing, Mixing(network=0.9, wide=0), Mixing(network=0, wide=0.9))
    ]
    assert losses[0] < 0.9 * min(losses[1:])


def test_useless_side_does_not_count() -> None:
    """Noise weighs next to nothing beside logits that tell the truth, whichever it is."""
    truth, telling, _ = _drawn()
    noise = np.random.default_rng(1).normal(0, 1.5, len(truth))

    no_wide = fit_mixing(telling, noise, truth)
    no_network = fit_mixing(noise, telling, truth)

    assert no_wide.network > 0.5
    assert no_wide.wide < 0.1
    assert no_network.wide > 0.5
    assert no_network.network < 0.1


def test_misleading_side_is_left_out() -> None:
    """What says the contrary of the truth is not turned round, but left out."""
    truth, one, other = _drawn()

    assert fit_mixing(one, -other, truth).wide == 0
    assert fit_mixing(-one, other, truth).network == 0
    assert fit_mixing(one, -other, truth).network > 0.5
    assert fit_mixing(-one, other, truth).wide > 0.5
    assert fit_mixing(-one, -other, truth) == Mixing(network=0, wide=0)


# How long an example takes says more of the machine than of the code.
@settings(deadline=None, max_examples=40)
@given(seed=st.integers(0, 999), slopes=st.tuples(*[st.floats(-9, 9)] * 2))
def test_nothing_counts_less_than_nothing(
    seed: int, slopes: tuple[float, float]
) -> None:
    """However the logits are spread and turned, neither number is below 0."""
    truth, network, wide = _drawn(120, seed=seed)

    mixing = fit_mixing(slopes[0] * network, slopes[1] * wide, truth)

    assert mixing.network >= 0
    assert mixing.wide >= 0


@pytest.mark.parametrize("rare", [0, 1])
def test_few_rows_give_halves(rare: int) -> None:
    """With fewer than 25 rows of either class nobody can tell which is better."""
    truth = np.array([rare] * 25 + [1 - rare] * 100)
    telling = 2.0 * truth - 1
    noise = np.zeros(len(truth))

    assert fit_mixing(telling[1:], noise[1:], truth[1:]) == HALVES
    assert fit_mixing(telling, noise, truth) != HALVES
    assert fit_mixing(telling[:0], noise[:0], truth[:0]) == HALVES


def test_labels_without_experts_are_left_alone() -> None:
    """Each label is fitted on the rows that carry it; what has no expert is not mixed."""
    truth, telling, _ = _drawn(400)
    noise = np.random.default_rng(1).normal(0, 1.5, len(truth))
    rows = [
        row_of("victsd", i, "x", abusive=bool(t), hate=bool(t))
        for i, t in enumerate(truth)
    ]
    unlabelled = [row_of("vispamreviews", i, "x", scam=True) for i in range(50)]
    network, wide = np.zeros((450, len(Label))), np.zeros((450, len(Label)))
    abusive = list(Label).index(Label.ABUSIVE)
    network[:400, abusive], wide[:400, abusive] = noise, telling
    # Were they asked, they would say that the network alone is right.
    network[400:, abusive] = 9

    mixing = fit_all([*rows, *unlabelled], network, wide, [Label.ABUSIVE, Label.SPAM])

    assert mixing[Label.ABUSIVE] == fit_mixing(noise, telling, truth)
    assert mixing[Label.SPAM] == HALVES
    for label in (Label.HATE, Label.SCAM, Label.UNRELIABLE):
        assert mixing[label] == Mixing(network=1, wide=0)
