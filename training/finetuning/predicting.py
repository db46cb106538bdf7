"""What the network says of examples, and how well it tells them apart."""

from collections.abc import Sequence

import numpy as np
import torch
from accelerate import Accelerator
from accelerate.utils import gather_object
from numpy.typing import NDArray
from torch import nn

from kiemtin.labels import Label
from training.evaluation.metrics import auc
from training.finetuning.batches import collate, group_by_length
from training.finetuning.examples import Example
from training.finetuning.pooling import WindowPooling

_TOKENS = 8192
"""Padded, of a batch."""

Logits = NDArray[np.float32]


def predict(
    model: nn.Module,
    examples: Sequence[Example],
    *,
    pad_id: int,
    pooling: WindowPooling,
) -> Logits:
    """Return pooled logits of shape (examples, labels), in order."""
    out = np.zeros((len(examples), len(Label)), dtype=np.float32)
    place = {id(e): i for i, e in enumerate(examples)}
    device = next(model.parameters()).device
    model.eval()
    with torch.inference_mode():
        for chosen in group_by_length(examples, _TOKENS):
            batch = collate(chosen, pad_id=pad_id).to(device)
            logits = model(batch.input_ids, batch.attention_mask).float()
            pooled = pooling(logits, batch.row_of, len(chosen))
            out[[place[id(e)] for e in chosen]] = pooled.cpu().numpy()
    return out


def predict_together(
    model: nn.Module,
    examples: Sequence[Example],
    accelerator: Accelerator,
    *,
    pad_id: int,
    pooling: WindowPooling,
) -> Logits:
    """Return the same, each process having done its part."""
    n = accelerator.num_processes
    mine = examples[accelerator.process_index :: n]
    with accelerator.autocast():
        found = predict(model, mine, pad_id=pad_id, pooling=pooling)
    parts = gather_object([found])
    out = np.zeros((len(examples), len(Label)), dtype=np.float32)
    for process, part in enumerate(parts):
        out[process::n] = part
    return out


def areas(
    examples: Sequence[Example], logits: Logits, corpora: Sequence[str]
) -> dict[str, float]:
    """
    Return the AUC of each label in each corpus that has both its classes.

    Only rows count that carry the label, not those where it is assumed to be absent.
    """
    corpus = np.array([e.corpus for e in examples])
    known = np.array([e.weights for e in examples]).reshape(-1, len(Label)) > 0
    truth = np.array([e.targets for e in examples], np.int64).reshape(known.shape)
    out = {}
    for i, name in enumerate(corpora):
        for j, label in enumerate(Label):
            rows = (corpus == i) & known[:, j]
            if len(np.unique(truth[rows, j])) == 2:  # noqa: PLR2004 -- yes and no
                scores = logits[rows, j].astype(np.float64)
                out[f"{name}.{label}"] = auc(truth[rows, j], scores)
    return out
