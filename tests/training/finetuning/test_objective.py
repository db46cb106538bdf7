"""What the loss counts, and what it does not."""

from pathlib import Path

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from kiemtin.labels import Label
from training.corpora.row import Head, Row
from training.finetuning.batches import Batch, collate
from training.finetuning.examples import Example
from training.finetuning.model import MultiHeadClassifier, load_encoder
from training.finetuning.objective import Objective, balance, label_weights
from training.finetuning.pooling import WindowPooling
from training.recipes.tuning import DistillationSection

SOFT = (0.9, 0.1, 0.5, 0.5, 0.2)


def _batch(weights: tuple[float, ...], soft: tuple[float, ...] | None = SOFT) -> Batch:
    ids = (0, 7, 9, 2)
    one = Example((ids,), (1.0, 0.0, 0.0, 0.0, 0.0), weights, 0, soft)
    other = Example((ids,), (0.0,) * 5, (1.0,) * 5, 1)
    return collate([one, other], pad_id=1)


@pytest.fixture
def network(tiny_encoder: Path) -> MultiHeadClassifier:
    """A network that is not random while it is asked."""
    torch.manual_seed(0)
    encoder = load_encoder(tiny_encoder, dropout=0.0, attention="eager")
    return MultiHeadClassifier(encoder, n_corpora=2, dropout=0.0).eval()


def _objective(
    network: MultiHeadClassifier, distillation: DistillationSection | None = None
) -> Objective:
    pooling = WindowPooling(dict.fromkeys(Label, "max"))
    weight = torch.ones(len(Label))
    return Objective(
        network, pooling, positive_weight=weight, distillation=distillation
    )


def test_masked_labels_teach_nothing(network: MultiHeadClassifier) -> None:
    """A label without weight adds nothing to the loss of its corpus, nor to its weight."""
    objective = _objective(network)

    with torch.no_grad():
        nothing = objective(_batch((0.0,) * 5))
        one = objective(_batch((1.0, 0.0, 0.0, 0.0, 0.0)))
        twice = objective(_batch((2.0, 0.0, 0.0, 0.0, 0.0)))

    assert nothing[:, 0].tolist() == [0, 0]
    torch.testing.assert_close(twice[:, 0], 2 * one[:, 0])
    torch.testing.assert_close(one[:, 1], nothing[:, 1])


def test_corpora_have_a_bias_of_their_own(network: MultiHeadClassifier) -> None:
    """How one set was annotated moves its own loss only."""
    objective = _objective(network)
    batch = _batch((1.0,) * 5)
    with torch.no_grad():
        before = objective(batch)
        network.corpus_bias.weight[0] += 1.0
        after = objective(batch)

    assert after[0, 0] != before[0, 0]
    assert after[0, 1] == before[0, 1]


def test_teacher_that_agrees_with_the_network_is_cheap(
    network: MultiHeadClassifier,
) -> None:
    """The part of a teacher is least where the network says what it says."""
    section = DistillationSection(teacher="", weight=1.0)
    objective = _objective(network, section)
    with torch.no_grad():
        logits = network(_batch((0.0,) * 5).input_ids, torch.ones(2, 4))[0]
        agreed = tuple(torch.sigmoid(logits).tolist())
        opposed = tuple(1 - p for p in agreed)
        agreeing = objective(_batch((0.0,) * 5, agreed))
        opposing = objective(_batch((0.0,) * 5, opposed))

    assert agreeing[0, 0] <= opposing[0, 0]
    assert agreeing[1, 0] == len(Label)


@pytest.mark.parametrize("unlabelled", [True, False])
def test_teacher_speaks_where_it_may(*, unlabelled: bool) -> None:
    """It has its part beside labels, and alone only if the recipe lets it."""
    section = DistillationSection(teacher="", weight=0.25, unlabelled=unlabelled)
    batch = _batch((1.0, 0.0, 1.0, 0.5, 0.0))

    of_labels, of_teacher = label_weights(batch, section)
    labels, taught = of_labels[0].tolist(), of_teacher[0].tolist()

    assert labels == [0.75, 0, 0.75, 0.375, 0]
    alone = 0.25 if unlabelled else 0
    assert taught == [0.25, alone, 0.25, 0.25, alone]
    assert of_teacher[1].tolist() == [0] * len(Label)


@given(st.integers(1, 99), st.integers(1, 99), st.floats(0, 1))
def test_balance_is_a_power(n_yes: int, n_no: int, power: float) -> None:
    """Positives weigh (negatives / positives) to the power that the recipe states."""
    rows = [
        Row("a", "", "", Head.HARM, {Label.HATE: i < n_yes})
        for i in range(n_yes + n_no)
    ]

    weights = dict(zip(Label, balance(rows, power).tolist(), strict=True))

    assert weights[Label.HATE] == pytest.approx((n_no / n_yes) ** power, rel=1e-5)
    assert weights[Label.SPAM] == 1
