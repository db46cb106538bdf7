"""Fine-tune the encoder and its heads on rows of several corpora at once."""

import copy
import math
import re
import time
from collections.abc import Callable, Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from kiemtin.labels import Label
from training.batches import (
    Batch,
    Example,
    ExampleMaker,
    batches,
    collate,
    epoch_examples,
)
from training.corpora.row import Row
from training.errors import DivergedError
from training.model import MultiHeadClassifier, pool_windows
from training.recipe import TrainRecipe

Report = Callable[[int, dict[str, float]], None]


class FineTuner:
    """One fine-tuning run."""

    def __init__(
        self,
        model: MultiHeadClassifier,
        recipe: TrainRecipe,
        make: ExampleMaker,
        *,
        pad_id: int,
    ) -> None:
        self.model = model
        self.recipe = recipe
        self.make = make
        self.pad_id = pad_id
        self.is_max = torch.tensor([recipe.pooling[x] == "max" for x in Label])

    def train(self, rows: Sequence[Row], report: Report) -> MultiHeadClassifier:
        """
        Train on *rows* and return the averaged model.

        Raises:
            DivergedError: If the loss is not a number.
        """
        section = self.recipe.fine_tune
        positive_weight = balance(rows)
        optimizer = torch.optim.AdamW(
            parameter_groups(self.model, self.recipe), betas=(0.9, 0.98), fused=True
        )
        first = self._epoch(rows, 0)
        n_steps = section.epochs * len(first)
        schedule = torch.optim.lr_scheduler.LambdaLR(
            optimizer, lambda s: _rate(s, section.warmup, n_steps)
        )
        average = copy.deepcopy(self.model)
        # Three times as fast on two cores as without (bfloat16, lengths vary).
        self.model.encoder.compile(dynamic=True)
        step, began = 0, time.monotonic()
        for epoch in range(section.epochs):
            self.model.train()
            losses = []
            for batch in first if epoch == 0 else self._epoch(rows, epoch):
                with torch.autocast("cpu", torch.bfloat16):
                    loss = self._loss(batch, positive_weight)
                optimizer.zero_grad(set_to_none=True)
                loss.backward()  # type: ignore[no-untyped-call]
                nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
                optimizer.step()
                schedule.step()
                step += 1
                _average(average, self.model, section.averaging, step)
                losses.append(float(loss.detach()))
                if not math.isfinite(losses[-1]):
                    msg = f"the loss is {losses[-1]} at step {step}"
                    raise DivergedError(msg)
                if step % 100 == 0:
                    seconds = time.monotonic() - began
                    report(step, {"loss": float(np.mean(losses[-100:])),
                                  "of_steps": n_steps, "seconds": seconds})  # fmt: skip
        return average

    def _epoch(self, rows: Sequence[Row], epoch: int) -> list[Batch]:
        recipe = self.recipe
        examples = epoch_examples(
            rows,
            self.make,
            recipe.augment,
            temperature=recipe.fine_tune.temperature,
            seed=recipe.seed,
            epoch=epoch,
        )
        return list(
            batches(
                examples,
                batch_tokens=recipe.fine_tune.batch_tokens,
                pad_id=self.pad_id,
                seed=recipe.seed + epoch,
            )
        )

    def _loss(self, batch: Batch, positive_weight: Tensor) -> Tensor:
        logits = self.model(batch.input_ids, batch.attention_mask)
        pooled = pool_windows(
            logits.float(), batch.row_of, len(batch.targets), self.is_max
        )
        pooled = pooled + self.model.corpus_bias(batch.corpus)
        losses = nn.functional.binary_cross_entropy_with_logits(
            pooled, batch.targets, pos_weight=positive_weight, reduction="none"
        )
        return (losses * batch.weights).sum() / batch.weights.sum().clamp(min=1.0)


def predict(
    model: nn.Module, examples: Sequence[Example], *, pad_id: int, is_max: Tensor
) -> NDArray[np.float32]:
    """Return pooled logits of shape (examples, labels), in order."""
    out = np.zeros((len(examples), len(Label)), dtype=np.float32)
    order = sorted(range(len(examples)), key=lambda i: examples[i].width)
    model.eval()
    with torch.inference_mode():
        for at in range(0, len(order), 32):
            chosen = order[at : at + 32]
            batch = collate([examples[i] for i in chosen], pad_id=pad_id)
            logits = model(batch.input_ids, batch.attention_mask)
            pooled = pool_windows(logits, batch.row_of, len(chosen), is_max)
            out[chosen] = pooled.float().numpy()
    return out


def balance(rows: Sequence[Row]) -> Tensor:
    """
    Return a weight for the positives of each label: sqrt(negatives / positives).

    The root, because full balance makes a rare and noisy class (offensive) too
    loud; calibration puts the probabilities right afterwards.
    """
    weights = []
    for label in Label:
        said = [r.labels[label] for r in rows if label in r.labels]
        positives = sum(said)
        weights.append(
            math.sqrt((len(said) - positives) / positives) if positives else 1
        )
    return torch.tensor(weights)


def parameter_groups(
    model: MultiHeadClassifier, recipe: TrainRecipe
) -> list[dict[str, object]]:
    """Return AdamW's groups: lower layers learn slower, biases do not decay."""
    section = recipe.fine_tune
    n_layers = model.encoder.config.num_hidden_layers
    groups = []
    for name, parameter in model.named_parameters():
        decays = parameter.ndim > 1 and "corpus_bias" not in name
        if name.startswith("encoder."):
            found = re.search(r"layer\.(\d+)\.", name)
            depth = n_layers - int(found[1]) - 1 if found else n_layers
            rate = section.learning_rate * section.layer_decay**depth
        else:
            rate = section.head_learning_rate
        groups.append(
            {
                "params": [parameter],
                "lr": rate,
                "weight_decay": section.weight_decay if decays else 0.0,
            }
        )
    return groups


def _rate(step: int, warmup: float, n_steps: int) -> float:
    """Linear warm-up, then linear down to zero."""
    first = max(1, int(warmup * n_steps))
    if step < first:
        return (step + 1) / first
    return max(0.0, (n_steps - step) / max(1, n_steps - first))


@torch.no_grad()
def _average(average: nn.Module, model: nn.Module, decay: float, step: int) -> None:
    decay = min(decay, step / (step + 10))  # the first steps are soon forgotten
    for kept, new in zip(average.parameters(), model.parameters(), strict=True):
        kept.lerp_(new, 1 - decay)
