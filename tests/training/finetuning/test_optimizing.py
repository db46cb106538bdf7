"""How fast which weights learn, and what is kept of them."""

from pathlib import Path

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn
from torch.optim.swa_utils import AveragedModel

from kiemtin.labels import Label
from tests.fixtures.fine_tuning import small_recipe
from training.finetuning.model import MultiHeadClassifier, load_encoder
from training.finetuning.objective import Objective
from training.finetuning.optimizing import new_average, parameter_groups, rate
from training.finetuning.pooling import WindowPooling


@given(st.integers(1, 200), st.floats(0, 0.9))
def test_rate_rises_then_falls(n_steps: int, warmup: float) -> None:
    """It is never above the full rate, rises in the warm-up and only falls after it."""
    rates = [rate(i / n_steps, 1 / n_steps, warmup) for i in range(n_steps)]

    top = rates.index(max(rates))
    assert all(0 < r <= 1 for r in rates)
    assert rates[:top] == sorted(rates[:top])
    assert rates[top:] == sorted(rates[top:], reverse=True)
    assert top <= warmup * n_steps + 1


def test_lower_layers_learn_slower(tiny_encoder: Path) -> None:
    """Embeddings learn slowest, heads at their own rate; what is frozen is not there."""
    encoder = load_encoder(tiny_encoder, dropout=0.0, attention="eager")
    network = MultiHeadClassifier(encoder, n_corpora=2, dropout=0.0)
    pooling = WindowPooling(dict.fromkeys(Label, "max"))
    objective = Objective(network, pooling, positive_weight=torch.ones(5))
    section = small_recipe(
        fine_tune={"learning_rate": 0.1, "head_learning_rate": 0.5, "layer_decay": 0.5}
    ).fine_tune

    groups = parameter_groups(objective, section)

    rates = {id(p): g["lr"] for g in groups for p in g["params"]}  # type: ignore[attr-defined]
    of = {n: rates.get(id(p)) for n, p in objective.named_parameters()}
    layer = "network.encoder.encoder.layer.{}.output.dense.weight"
    assert of[layer.format(1)] == pytest.approx(0.1)
    assert of[layer.format(0)] == pytest.approx(0.05)
    assert of["network.encoder.embeddings.word_embeddings.weight"] == pytest.approx(
        0.025
    )
    assert of["network.corpus_bias.weight"] == 0.5
    assert of["pooling.raw"] is None
    bias = id(network.corpus_bias.weight)
    (decay,) = {
        g["weight_decay"]
        for g in groups
        if any(id(p) == bias for p in g["params"])  # type: ignore[attr-defined]
    }
    assert decay == 0


def test_average_forgets_its_beginning() -> None:
    """It follows quickly at first and slowly later; with 0 it is the weights of now."""
    model = nn.Linear(1, 1, bias=False)
    slow, none = new_average(model, 0.9), new_average(model, 0.0)

    for value in [0.0] * 5 + [1.0] * 100:
        nn.init.constant_(model.weight, value)
        slow.update_parameters(model)
        none.update_parameters(model)
    nn.init.constant_(model.weight, 0.0)
    slow.update_parameters(model)
    none.update_parameters(model)

    assert _value(slow) == pytest.approx(0.9, abs=1e-3)
    assert _value(none) == 0


def _value(average: AveragedModel) -> float:
    (parameter,) = average.module.parameters()
    return parameter.item()
