"""Train an encoder to fill in masked tokens, over as many sessions as it takes."""

import math
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import structlog
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from transformers import RobertaForMaskedLM

from training.errors import CheckpointError, DivergedError, RecipeError
from training.pretraining.checkpoints import load_checkpoint, save_checkpoint
from training.pretraining.feeding import Rows, batches
from training.pretraining.masked_lm import MaskedLm
from training.pretraining.masking import mask_tokens
from training.pretraining.precision import autocast
from training.pretraining.recipe import MaskedLmSection
from training.pretraining.schedule import Schedule

log = structlog.get_logger()

Report = Callable[[int, dict[str, float]], None]


@dataclass(frozen=True, slots=True)
class Session:
    """
    Where a run leaves its state, and what ends it before its recipe does.

    Attributes:
        checkpoint: Where it goes on from, if it is there.
        finish: A file; as soon as there is one, the learning rate decays to zero.
        made_of: The digest of the rows: a checkpoint of others is refused.
        minutes: After so many this session stops at a checkpoint, to be resumed.
        report_every: Steps between two reports.
    """

    checkpoint: Path
    finish: Path
    made_of: str = ""
    minutes: float | None = None
    report_every: int = 50


class Trainer:
    """A run: what is trained, how far it is, and how to go on."""

    def __init__(
        self,
        model: RobertaForMaskedLM,
        rows: NDArray[np.uint16],
        section: MaskedLmSection,
        *,
        seed: int,
        session: Session,
        report: Report,
        begins_word: Tensor | None = None,
    ) -> None:
        self._model, self._section, self._seed = model, section, seed
        self._session, self._report = session, report
        self._rows = Rows(rows, section.batch_sequences, seed)
        if not self._rows.per_epoch:
            msg = f"{len(rows)} sequences make no batch of {section.batch_sequences}"
            raise RecipeError(msg)
        self._device = next(model.parameters()).device
        self._begins_word = (
            None if begins_word is None else begins_word.to(self._device)
        )
        self._optimizer = torch.optim.AdamW(
            model.parameters(),
            lr=section.learning_rate,
            betas=(0.9, 0.98),
            weight_decay=section.weight_decay,
            fused=True,
        )
        n_steps = max(2, int(self._rows.per_epoch * section.epochs))
        self.schedule = Schedule.of(
            n_steps, warmup_steps=section.warmup_steps, decay=section.decay
        )
        self.step, self._seconds_before, self._began = 0, 0.0, time.monotonic()
        self._losses: list[Tensor] = []
        self._resume()

    def train(self) -> bool:
        """
        Train to the end of the run or of the session; return whether the run is over.

        The order of the rows and what is masked follow from the seed and the step
        alone, so a run that was stopped ends as one that was not.

        Raises:
            CheckpointError: If a checkpoint cannot be written.
            DivergedError: If the loss is not a number.
        """
        network = MaskedLm(self._model)
        forward = torch.compile(network) if self._section.compiled else network
        self._model.train()
        self._began = reported = saved = time.monotonic()
        feed = batches(self._rows, self.step, self._device)
        while self.step < self.schedule.last:
            self._losses.append(self._take_step(forward, next(feed)))
            self._end_in_time()
            is_last = self.step == self.schedule.last
            if self.step % self._session.report_every == 0 or is_last:
                self._tell(time.monotonic() - reported)
                reported = time.monotonic()
            if self._session_is_over():
                break
            if self._minutes_since(saved) >= self._section.minutes_between_checkpoints:
                self._save()
                saved = time.monotonic()
        feed.close()
        self._save()
        return self.step >= self.schedule.last

    def _take_step(self, forward: Callable[..., Any], batch: Tensor) -> Tensor:
        rng = torch.Generator(self._device)
        rng.manual_seed(self._seed * 1_000_003 + self.step)
        asked = mask_tokens(
            batch,
            self._section.masked,
            self._model.config.vocab_size,
            rng,
            begins_word=self._begins_word,
        )
        with autocast(self._section.precision, self._device):
            loss: Tensor = forward(asked.ids, asked.positions, asked.targets)
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(self._model.parameters(), 1.0)
        for group in self._optimizer.param_groups:
            group["lr"] = self._rate(self.step)
        self._optimizer.step()
        self._optimizer.zero_grad(set_to_none=True)
        self.step += 1
        return loss.detach()

    def _rate(self, step: int) -> float:
        return self._section.learning_rate * self.schedule.rate(step)

    def _seconds(self) -> float:
        return self._seconds_before + time.monotonic() - self._began

    def _end_in_time(self) -> None:
        """Begin the decay when it is asked for, or when it just fits into the budget."""
        if self.step >= self.schedule.decay_from:
            return
        minutes = self._section.minutes
        budget_s = math.inf if minutes is None else 60 * minutes
        decay_s = self.schedule.n_decay(self.step) * self._seconds() / self.step
        if self._seconds() + decay_s >= budget_s or self._session.finish.exists():
            self.schedule.finish(self.step)
            log.info("decay begins", step=self.step, last=self.schedule.last)

    def _session_is_over(self) -> bool:
        minutes = self._session.minutes
        return minutes is not None and self._minutes_since(self._began) >= minutes

    @staticmethod
    def _minutes_since(moment: float) -> float:
        return (time.monotonic() - moment) / 60

    def _mean_loss(self) -> float:
        # Read now and then only: each reading waits for the accelerator.
        loss = float(torch.stack(self._losses).mean())
        if not math.isfinite(loss):
            msg = f"the loss is {loss} by step {self.step}"
            raise DivergedError(msg)
        return loss

    def _tell(self, seconds: float) -> None:
        n_tokens = self._section.batch_sequences * self._rows.length
        figures = {
            "loss": self._mean_loss(),
            "tokens_per_s": len(self._losses) * n_tokens / seconds,
            "million_tokens": self.step * n_tokens / 1e6,
            "learning_rate": self._rate(self.step - 1),
        }
        self._losses.clear()
        self._report(self.step, figures)

    def _save(self) -> None:
        if self._losses:
            self._mean_loss()
        state = {
            "made_of": self._session.made_of,
            "step": self.step,
            "seconds": self._seconds(),
            "schedule": asdict(self.schedule),
            "model": self._model.state_dict(),
            "optimizer": self._optimizer.state_dict(),
        }
        save_checkpoint(self._session.checkpoint, state)

    def _resume(self) -> None:
        state = load_checkpoint(self._session.checkpoint)
        if state is None:
            return
        path = self._session.checkpoint
        msg = f"{path} is of another run; remove it to begin anew"
        if state.get("made_of") != self._session.made_of:
            raise CheckpointError(msg)
        try:
            self._model.load_state_dict(state["model"])
            self._optimizer.load_state_dict(state["optimizer"])
            self.schedule = Schedule(**state["schedule"])
            self.step, self._seconds_before = state["step"], state["seconds"]
        except (KeyError, TypeError, ValueError, RuntimeError) as e:
            raise CheckpointError(msg) from e
