"""What the network says does not depend on the company; areas count known rows only."""

from pathlib import Path

import numpy as np
import pytest
import torch

from kiemtin.labels import Label
from training.finetuning.examples import Example
from training.finetuning.model import MultiHeadClassifier, load_encoder
from training.finetuning.pooling import WindowPooling
from training.finetuning.predicting import areas, predict

POOLING = WindowPooling(dict.fromkeys(Label, "max"))


def _example(
    truth: int, weight: float = 1.0, corpus: int = 0, length: int = 5
) -> Example:
    windows = ((0, *range(7, 7 + length), 2),)
    targets = (0.0, float(truth), 0.0, 0.0, 0.0)
    return Example(windows, targets, (0.0, weight, 0.0, 0.0, 0.0), corpus)


def test_order_is_kept(tiny_encoder: Path) -> None:
    """Grouped by length to be quick, logits come back in the order that was asked."""
    torch.manual_seed(0)
    encoder = load_encoder(tiny_encoder, dropout=0.1, attention="eager")
    model = MultiHeadClassifier(encoder, n_corpora=1, dropout=0.1)
    examples = [_example(0, length=n) for n in (40, 3, 17, 3, 55)]

    together = predict(model, examples, pad_id=1, pooling=POOLING)

    alone = [predict(model, [e], pad_id=1, pooling=POOLING)[0] for e in examples]
    np.testing.assert_allclose(together, alone, atol=1e-5)


def test_areas_count_what_is_known() -> None:
    """A label has an area in each corpus that says both yes and no of it."""
    examples = [
        _example(1),
        _example(0),
        _example(1, weight=0.0),  # unknown: its logit would spoil the area
        _example(1, corpus=1),
    ]
    logits = np.zeros((4, 5), dtype=np.float32)
    logits[:, 1] = [2, 1, -9, 0]

    assert areas(examples, logits, ["a", "b"]) == {"a.abusive": pytest.approx(1.0)}


def test_nothing_has_no_area() -> None:
    """A recipe whose corpora have no dev rows is no error."""
    assert areas([], np.zeros((0, 5), dtype=np.float32), ["a"]) == {}
