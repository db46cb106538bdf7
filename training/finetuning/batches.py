"""Batches of windows, grouped by length and padded to the longest of them."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

import torch
from torch import Tensor

from kiemtin.labels import Label
from training.finetuning.examples import Example

_WIDTH_STEP = 32
_POOL_BATCHES = 50
_NO_ANSWER = (float("nan"),) * len(Label)
_SHORT = 64
"""Tokens: windows are taken to be so long where we guess how many fill a batch."""


@dataclass(frozen=True, slots=True)
class Batch:
    """
    Tensors of one step.

    Attributes:
        input_ids: Of shape (windows, tokens).
        attention_mask: The same shape.
        row_of: The row of each window, of shape (windows,).
        targets: 0 or 1, of shape (rows, labels).
        weights: 0 where a row has no such label, of the same shape.
        soft: A teacher's probabilities, NaN where it was not asked; of the same shape.
        corpus: Of shape (rows,).
    """

    input_ids: Tensor
    attention_mask: Tensor
    row_of: Tensor
    targets: Tensor
    weights: Tensor
    soft: Tensor
    corpus: Tensor

    def to(self, device: torch.device) -> "Batch":
        """Return the batch on *device*."""
        moved = {f.name: getattr(self, f.name).to(device) for f in fields(self)}
        return Batch(**moved)


def group(
    examples: Sequence[Example], *, batch_tokens: int, seed: int
) -> list[list[Example]]:
    """
    Return the examples of batches of at most *batch_tokens* padded tokens.

    An example with more fills a batch alone. Examples of like length are together, the
    batches in random order.
    """
    groups: list[list[Example]] = []
    pool = _POOL_BATCHES * max(1, batch_tokens // _SHORT)
    for at in range(0, len(examples), pool):
        groups += group_by_length(examples[at : at + pool], batch_tokens)
    random.Random(seed).shuffle(groups)
    return groups


def group_by_length(
    examples: Sequence[Example], batch_tokens: int
) -> list[list[Example]]:
    """Return *examples* in groups of so many padded tokens, the shortest first."""
    groups: list[list[Example]] = []
    size, width = 0, 0
    for example in sorted(examples, key=lambda e: e.width):
        wider = max(width, _padded(example.width))
        if groups and (size + len(example.windows)) * wider <= batch_tokens:
            groups[-1].append(example)
            size, width = size + len(example.windows), wider
        else:
            groups.append([example])
            size, width = len(example.windows), _padded(example.width)
    return groups


def _padded(width: int) -> int:
    return -(-width // _WIDTH_STEP) * _WIDTH_STEP


def share(examples: Sequence[Example], process: int, n_processes: int) -> list[Example]:
    """
    Return which of the *examples* of a batch one of several processes takes.

    One that gets none takes the first, without any weight: it must do its step.
    """
    mine = list(examples[process::n_processes])
    nothing = (0.0,) * len(examples[0].weights)
    return mine or [replace(examples[0], weights=nothing, soft=None)]


def collate(examples: Sequence[Example], *, pad_id: int) -> Batch:
    """Return *examples* as one batch, padded to its longest window."""
    windows = [w for e in examples for w in e.windows]
    width = max(map(len, windows))
    ids = torch.tensor([[*w, *[pad_id] * (width - len(w))] for w in windows])
    lengths = torch.tensor([len(w) for w in windows])
    mask = (torch.arange(width) < lengths.unsqueeze(1)).long()
    row_of = [i for i, e in enumerate(examples) for _ in e.windows]
    return Batch(
        input_ids=ids,
        attention_mask=mask,
        row_of=torch.tensor(row_of),
        targets=torch.tensor([e.targets for e in examples]),
        weights=torch.tensor([e.weights for e in examples]),
        soft=torch.tensor([e.soft or _NO_ANSWER for e in examples]),
        corpus=torch.tensor([e.corpus for e in examples]),
    )
