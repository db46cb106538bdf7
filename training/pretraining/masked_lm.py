"""Train an encoder to fill in masked tokens (RoBERTa, arXiv:1907.11692)."""

import math
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from transformers import RobertaConfig, RobertaForMaskedLM

from training.errors import DivergedError
from training.recipe import MaskedLmSection, Shape

BEGIN_ID, PAD_ID, MASK_ID, N_SPECIAL = 0, 1, 4, 5
IGNORED = -100


def new_model(shape: Shape) -> RobertaForMaskedLM:
    """Return an untrained encoder of *shape* with its language-model head."""
    config = RobertaConfig(
        **shape.model_dump(exclude={"window_tokens"}),
        max_position_embeddings=shape.window_tokens + 2,
        pad_token_id=PAD_ID,
        bos_token_id=BEGIN_ID,
        eos_token_id=2,
        type_vocab_size=1,
        # Hardly a sequence is seen twice, so there is nothing to overfit.
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
    )
    return RobertaForMaskedLM(config)


def mask_tokens(
    ids: Tensor, share: float, vocab_size: int, rng: torch.Generator
) -> tuple[Tensor, Tensor]:
    """
    Return masked *ids* and targets of the same shape, ``IGNORED`` where not asked.

    Of the chosen tokens 80 % are masked, 10 % replaced and 10 % kept (BERT).
    """
    chosen = (torch.rand(ids.shape, generator=rng) < share) & (ids >= N_SPECIAL)
    targets = torch.where(chosen, ids, IGNORED)
    fate = torch.rand(ids.shape, generator=rng)
    anything = torch.randint(N_SPECIAL, vocab_size, ids.shape, generator=rng)
    masked = torch.where(chosen & (fate < 0.8), MASK_ID, ids)  # noqa: PLR2004
    replaced = chosen & (fate >= 0.9)  # noqa: PLR2004
    return torch.where(replaced, anything, masked), targets


def masked_lm_loss(
    encoder: Callable[..., Any], head: nn.Module, ids: Tensor, targets: Tensor
) -> Tensor:
    """Return the mean loss; the large output layer sees only the asked tokens."""
    hidden = encoder(input_ids=ids).last_hidden_state
    asked = targets != IGNORED
    logits = head(hidden[asked])
    return nn.functional.cross_entropy(logits.float(), targets[asked])


def train_masked_lm(
    model: RobertaForMaskedLM,
    rows: NDArray[np.uint16],
    section: MaskedLmSection,
    *,
    seed: int,
    checkpoint: Path,
    report: Callable[[int, dict[str, float]], None],
    report_every: int = 50,
) -> None:
    """
    Train *model* on *rows* of packed tokens, shape (sequences, tokens).

    Goes on from *checkpoint* where there is one: the order of the rows follows
    from *seed* and the step alone.

    Raises:
        DivergedError: If the loss is not a number.
    """
    per_epoch = len(rows) // section.batch_sequences
    n_steps = max(1, int(per_epoch * section.epochs))
    optimizer = torch.optim.AdamW(
        model.parameters(),
        lr=section.learning_rate,
        betas=(0.9, 0.98),
        weight_decay=section.weight_decay,
        fused=True,
    )
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda s: _rate(s, section.warmup_steps, n_steps)
    )
    step = _resume(checkpoint, model, optimizer, schedule)
    device = next(model.parameters()).device
    encoder = torch.compile(model.roberta)
    saved, began, losses = time.monotonic(), time.monotonic(), []
    model.train()
    for batch in _batches(rows, section.batch_sequences, step, n_steps, seed):
        rng = torch.Generator().manual_seed(seed * 1_000_003 + step)
        ids, targets = mask_tokens(batch, section.masked, model.config.vocab_size, rng)
        with torch.autocast(device.type, torch.bfloat16):
            loss = masked_lm_loss(
                encoder, model.lm_head, ids.to(device), targets.to(device)
            )
        optimizer.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        step += 1
        losses.append(float(loss.detach()))
        if not math.isfinite(losses[-1]):
            msg = f"the loss is {losses[-1]} at step {step}"
            raise DivergedError(msg)
        if time.monotonic() - saved > 60 * section.minutes_between_checkpoints:
            _save(checkpoint, step, model, optimizer, schedule)
            saved = time.monotonic()
        if step % report_every == 0 or step == n_steps:
            rate = len(losses) * batch.numel() / (time.monotonic() - began)
            report(step, {"loss": float(np.mean(losses)), "tokens_per_s": rate})
            began, losses = time.monotonic(), []
    _save(checkpoint, step, model, optimizer, schedule)


def _rate(step: int, warmup: int, n_steps: int) -> float:
    """Linear warm-up, then a cosine to a hundredth."""
    if step < warmup:
        return (step + 1) / warmup
    done = (step - warmup) / max(1, n_steps - warmup)
    return 0.01 + 0.99 * (1 + math.cos(math.pi * min(1.0, done))) / 2


def _batches(
    rows: NDArray[np.uint16], size: int, start: int, stop: int, seed: int
) -> Iterator[Tensor]:
    per_epoch = len(rows) // size
    order, epoch = np.arange(0), -1
    for step in range(start, stop):
        if step // per_epoch != epoch:
            epoch = step // per_epoch
            order = np.random.default_rng([seed, epoch]).permutation(len(rows))
        at = step % per_epoch * size
        chosen = rows[np.sort(order[at : at + size])].astype(np.int64)
        chosen[:, 0] = BEGIN_ID
        yield torch.from_numpy(chosen)


def _save(
    path: Path,
    step: int,
    model: nn.Module,
    optimizer: torch.optim.Optimizer,
    schedule: torch.optim.lr_scheduler.LRScheduler,
) -> None:
    aside = path.with_suffix(".tmp")
    torch.save(
        {
            "step": step,
            "model": model.state_dict(),
            "optimizer": optimizer.state_dict(),
            "schedule": schedule.state_dict(),
        },
        aside,
    )
    aside.replace(path)


def _resume(
    path: Path,
    model: nn.Module,
    optimizer: torch.optim.Optimizer,
    schedule: torch.optim.lr_scheduler.LRScheduler,
) -> int:
    if not path.exists():
        return 0
    state = torch.load(path, weights_only=True)
    model.load_state_dict(state["model"])
    optimizer.load_state_dict(state["optimizer"])
    schedule.load_state_dict(state["schedule"])
    return int(state["step"])
