"""How weights are changed: at which rates, and how they are averaged."""

import re

import torch
from torch import Tensor, nn
from torch.optim.swa_utils import AveragedModel

from training.finetuning.objective import Objective
from training.recipes.tuning import FineTuneSection

_BETAS = (0.9, 0.98)
_SLOW_START = 10
"""Steps: the average takes little from the first ones, so they are soon forgotten."""


Tensors = tuple[Tensor, ...] | list[Tensor]


def new_optimizer(
    objective: Objective, section: FineTuneSection
) -> torch.optim.Optimizer:
    """Return AdamW over all that is trained."""
    groups = parameter_groups(objective, section)
    return torch.optim.AdamW(groups, betas=_BETAS, fused=True)


def parameter_groups(
    objective: Objective, section: FineTuneSection
) -> list[dict[str, object]]:
    """
    Return AdamW's groups: lower layers learn slower, biases do not decay.

    Each keeps its full rate as ``peak``.
    """
    n_layers = objective.network.encoder.config.num_hidden_layers
    grouped: dict[tuple[float, float], list[nn.Parameter]] = {}
    for name, parameter in objective.named_parameters():
        if not parameter.requires_grad:
            continue
        decays = parameter.ndim > 1 and "corpus_bias" not in name
        key = _rate_of(name, n_layers, section), section.weight_decay * decays
        grouped.setdefault(key, []).append(parameter)
    return [
        {"params": found, "lr": rate, "peak": rate, "weight_decay": decay}
        for (rate, decay), found in grouped.items()
    ]


def _rate_of(name: str, n_layers: int, section: FineTuneSection) -> float:
    if not name.startswith("network.encoder."):
        return section.head_learning_rate
    found = re.search(r"layer\.(\d+)\.", name)
    depth = n_layers - int(found[1]) - 1 if found else n_layers
    return section.learning_rate * section.layer_decay**depth


def set_rate(optimizer: torch.optim.Optimizer, part: float) -> None:
    """Let every group learn at this *part* of its full rate."""
    for group in optimizer.param_groups:
        group["lr"] = group["peak"] * part


def rate(done: float, step: float, warmup: float) -> float:
    """
    Return which part of the full rate a step learns at.

    It rises linearly in the *warmup*, then falls linearly to zero.

    Args:
        done: Which part of the run is over.
        step: Which part of it this step is.
        warmup: Which part of it the rate rises in.
    """
    rising = (done + step) / warmup if warmup else 1.0
    return min(1.0, rising, (1 - done) / (1 - warmup))


def new_average(model: nn.Module, decay: float) -> AveragedModel:
    """Return a moving average of the weights of *model*; with 0 it is the last ones."""

    @torch.no_grad()
    def move(kept: Tensors, new: Tensors, _: Tensor | int) -> None:
        n = int(average.n_averaged)  # the argument is a copy that a device has to send
        weight = 1 - min(decay, n / (n + _SLOW_START))
        torch._foreach_lerp_(kept, new, weight)

    average = AveragedModel(model, multi_avg_fn=move)
    return average
