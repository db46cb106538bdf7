"""The loop of fine-tuning: steps, checkpoints, and a look at dev after each epoch."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np
import structlog
import torch
from accelerate import Accelerator
from accelerate.utils import broadcast_object_list
from numpy.typing import NDArray
from torch import Tensor, nn

from training.errors import DivergedError
from training.finetuning.batches import collate, group, share
from training.finetuning.checkpoints import Checkpoints, Progress, State
from training.finetuning.epochs import Epochs
from training.finetuning.examples import Example
from training.finetuning.model import MultiHeadClassifier
from training.finetuning.objective import Objective
from training.finetuning.optimizing import new_average, new_optimizer, rate, set_rate
from training.finetuning.pooling import WindowPooling
from training.finetuning.predicting import areas, predict_together
from training.recipes import TrainRecipe

log = structlog.get_logger()

Report = Callable[[int, dict[str, float]], None]

_REPORT_STEPS = 50
_WATCH_STEPS = 16
"""To look at a loss is to wait for a graphics card, or for the other processes."""


@dataclass(frozen=True)
class Feed:
    """
    What a run reads.

    Attributes:
        epochs: The examples of each epoch.
        dev: What it is measured on after each.
        pad_id: What windows are padded with.
    """

    epochs: Epochs
    dev: Sequence[Example]
    pad_id: int


class Learned(nn.Module):
    """What is learnt and averaged: a network, and the pooling of its windows."""

    def __init__(self, network: MultiHeadClassifier, pooling: WindowPooling) -> None:
        super().__init__()
        self.network = network
        self.pooling = pooling


class Loop:
    """A run of fine-tuning, from where its last checkpoint is."""

    def __init__(
        self,
        objective: Objective,
        recipe: TrainRecipe,
        feed: Feed,
        accelerator: Accelerator,
        checkpoints: Checkpoints,
        report: Report,
    ) -> None:
        self._objective, self._recipe = objective, recipe
        self._feed, self._accelerator = feed, accelerator
        self._checkpoints, self._report = checkpoints, report
        section = recipe.fine_tune
        self._network, self._optimizer = accelerator.prepare(
            objective, new_optimizer(objective, section)
        )
        self._learned = Learned(objective.network, objective.pooling)
        self._average = new_average(self._learned, section.averaging)
        self._best: dict[str, Tensor] | None = None
        self.progress = Progress()
        self._unseen: list[Tensor] = []
        self._sums = np.zeros((2, len(recipe.corpora)))
        self._began = self._saved = time.monotonic()
        self._told: tuple[int, float, float] = (0, 0.0, 0.0)
        is_alone = accelerator.num_processes == 1
        waits = accelerator.device.type != "cpu" or not is_alone
        self._watch_steps = _WATCH_STEPS if waits else 1
        if state := checkpoints.load():
            self._go_on(state)
        if section.compiled:
            objective.network.encoder.compile(dynamic=True)

    def train(self) -> Learned:
        """
        Train to the end; return the average, or the best of its epochs.

        Raises:
            DivergedError: If a loss or a gradient is not a number.
            CheckpointError: If a checkpoint cannot be written.
        """
        while not self._is_over():
            self._train_epoch()
            self._examine()
            self._save()
        if self._best is not None:
            self._averaged.load_state_dict(self._best)
        return self._averaged.cpu().eval()

    @property
    def _averaged(self) -> Learned:
        return cast("Learned", self._average.module)

    def _is_over(self) -> bool:
        section, progress = self._recipe.fine_tune, self.progress
        if progress.epoch >= section.epochs:
            return True
        if not section.patience or not progress.best:
            return False
        return progress.epoch - progress.best[1] >= section.patience

    def _train_epoch(self) -> None:
        section, progress = self._recipe.fine_tune, self.progress
        groups = group(
            self._feed.epochs(progress.epoch),
            batch_tokens=section.batch_tokens,
            seed=self._recipe.seed + progress.epoch,
        )
        self._network.train()
        self._began = self._saved = time.monotonic()
        self._told = (progress.step, *self._sums.sum(axis=1))
        one = 1 / (len(groups) * section.epochs)
        for at in range(progress.at, len(groups)):
            done = progress.epoch / section.epochs + at * one
            set_rate(self._optimizer, rate(done, one, section.warmup))
            self._unseen.append(self._take_step(groups[at]))
            progress.at, progress.step = at + 1, progress.step + 1
            if progress.at % self._watch_steps == 0 or progress.at == len(groups):
                self._watch()
                if progress.at < len(groups) and self._is_save_due():
                    self._save()

    def _take_step(self, examples: list[Example]) -> Tensor:
        """Return the losses and weights of each corpus, and behind them the gradient."""
        accelerator = self._accelerator
        mine = share(examples, accelerator.process_index, accelerator.num_processes)
        batch = collate(mine, pad_id=self._feed.pad_id).to(accelerator.device)
        sums = self._network(batch)
        weight = accelerator.reduce(sums[1].detach().sum(), "sum").clamp(min=1.0)
        # Processes take the mean of their gradients, and these are parts of one loss.
        accelerator.backward(sums[0].sum() / weight * accelerator.num_processes)
        norm = accelerator.clip_grad_norm_(self._network.parameters(), 1.0)
        self._optimizer.step()
        self._optimizer.zero_grad(set_to_none=True)
        self._average.update_parameters(self._learned)
        if accelerator.mixed_precision == "fp16":
            norm = torch.zeros_like(norm)  # too large now and then, and then left out
        norms = norm.expand(2, 1) / accelerator.num_processes
        return torch.cat([sums.detach(), norms], dim=1)

    def _watch(self) -> None:
        """Look at the steps since the last look: are they numbers, and which."""
        unseen = self._accelerator.reduce(torch.stack(self._unseen), "sum")
        found = unseen.double().cpu().numpy()
        self._unseen = []
        first = self.progress.step - len(found) + 1
        wrong = ~np.isfinite(found)
        if wrong.any():
            at = int(np.argmax(wrong.any(axis=(1, 2))))
            raise DivergedError(self._diverged(first + at, wrong[at].any(axis=0)))
        self._sums += found[:, :, :-1].sum(axis=0)
        if self.progress.step - self._told[0] >= _REPORT_STEPS:
            self._tell()

    def _diverged(self, step: int, wrong: NDArray[np.bool_]) -> str:
        names = [c for c, w in zip(self._recipe.corpora, wrong, strict=False) if w]
        what = f"the loss of {', '.join(names)}" if names else "the gradient"
        return f"{what} is not a number at step {step}; lower the learning rate"

    def _tell(self) -> None:
        losses, weights = self._sums.sum(axis=1)
        _, losses_before, weights_before = self._told
        seconds = time.monotonic() - self._began
        loss = float((losses - losses_before) / max(weights - weights_before, 1e-9))
        self._told = (self.progress.step, losses, weights)
        figures = {
            "loss": loss,
            "epoch": float(self.progress.epoch),
            "seconds": seconds,
        }
        if self._accelerator.is_main_process:
            self._report(self.progress.step, figures)

    def _examine(self) -> None:
        """Measure the average on dev, and remember it if none was better."""
        progress = self.progress
        averaged = self._averaged
        logits = predict_together(
            averaged.network,
            self._feed.dev,
            self._accelerator,
            pad_id=self._feed.pad_id,
            pooling=averaged.pooling,
        )
        found = areas(self._feed.dev, logits, self._recipe.corpora)
        mean = float(np.mean(list(found.values()))) if found else float("nan")
        figures = {"dev_auc": mean, **{f"dev_auc.{k}": v for k, v in found.items()}}
        figures |= self._losses()
        progress.epoch, progress.at = progress.epoch + 1, 0
        progress.history.append({"epoch": float(progress.epoch), **figures})
        if progress.best is None or mean > progress.best[0]:
            progress.best = (mean, progress.epoch)
            if self._recipe.fine_tune.patience:
                state = averaged.state_dict().items()
                self._best = {k: v.detach().cpu().clone() for k, v in state}
        self._sums[:] = 0
        log.info("epoch", epoch=progress.epoch, dev_auc=mean, loss=figures["loss"])
        if self._accelerator.is_main_process:
            self._report(progress.step, figures)

    def _losses(self) -> dict[str, float]:
        losses, weights = self._sums
        of_all = float(losses.sum() / max(weights.sum(), 1e-9))
        of_each = zip(self._recipe.corpora, losses, weights, strict=True)
        found = {f"loss.{c}": float(a / b) for c, a, b in of_each if b > 0}
        return {"loss": of_all, **found}

    def _is_save_due(self) -> bool:
        minutes = self._recipe.fine_tune.minutes_between_checkpoints
        due = [time.monotonic() - self._saved > 60 * minutes]
        if self._accelerator.num_processes > 1:
            broadcast_object_list(due)
        return due[0]

    def _save(self) -> None:
        self.progress.sums = self._sums.tolist()
        average = self._average.state_dict()
        self._checkpoints.save(State(self.progress, average, self._best))
        self._saved = time.monotonic()

    def _go_on(self, state: State) -> None:
        self.progress, self._best = state.progress, state.best
        self._sums[:] = state.progress.sums
        self._average.load_state_dict(state.average)
