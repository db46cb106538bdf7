"""Masked language modelling: what is asked, and going on after a stop."""

from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from transformers import RobertaForMaskedLM

from training.errors import DivergedError
from training.pretraining.masked_lm import (
    IGNORED,
    MASK_ID,
    mask_tokens,
    new_model,
    train_masked_lm,
)
from training.recipe import MaskedLmSection, PretrainRecipe, load_recipe

Rows = NDArray[np.uint16]
RECIPE = load_recipe("pretrain-smoke", PretrainRecipe)
SECTION = MaskedLmSection(
    epochs=1,
    batch_sequences=4,
    learning_rate=1e-3,
    warmup_steps=2,
    masked=0.2,
    weight_decay=0.01,
    minutes_between_checkpoints=60,
)


def test_special_tokens_are_never_asked() -> None:
    """Begin, end and padding are not guessed, and a fifth of the rest is."""
    ids = torch.randint(0, 100, (64, 64))

    masked, targets = mask_tokens(ids, 0.2, 100, torch.Generator().manual_seed(0))

    asked = targets != IGNORED
    assert (targets[asked] >= 5).all()
    assert 0.17 < asked[ids >= 5].float().mean() < 0.23
    assert 0.7 < (masked[asked] == MASK_ID).float().mean() < 0.9
    assert torch.equal(masked[~asked], ids[~asked])


@pytest.mark.slow
def test_goes_on_where_it_stopped(tmp_path: Path) -> None:
    """A run that is stopped and resumed ends with the weights of one that is not."""
    rows = np.random.default_rng(0).integers(5, 2000, (32, 64)).astype(np.uint16)

    def weights(name: str, *, stop: int | None) -> torch.Tensor:
        if stop:
            with pytest.raises(KeyboardInterrupt):
                _train(rows, tmp_path / name, stop)
        model = _train(rows, tmp_path / name, None)
        return model.roberta.embeddings.word_embeddings.weight.detach()

    difference = (weights("a", stop=None) - weights("b", stop=4)).abs()

    # bfloat16 sums in any order; a forgotten optimizer would be off by 1e-4.
    assert difference.mean() < 2e-6


def _train(rows: Rows, path: Path, stop: int | None) -> RobertaForMaskedLM:
    def report(step: int, figures: dict[str, float]) -> None:
        if step == stop:
            raise KeyboardInterrupt

    torch.manual_seed(0)
    model = new_model(RECIPE.shape)
    section = SECTION.model_copy(update={"minutes_between_checkpoints": 1e-9})
    train_masked_lm(
        model, rows, section, seed=1, checkpoint=path, report=report, report_every=2
    )
    return model


def test_divergence_is_an_error(tmp_path: Path) -> None:
    """A loss that is not a number stops the run at once."""
    rows = np.random.default_rng(0).integers(5, 2000, (32, 64)).astype(np.uint16)
    model = new_model(RECIPE.shape)
    torch.nn.init.constant_(model.lm_head.dense.weight, float("nan"))

    with pytest.raises(DivergedError, match="step 1"):
        train_masked_lm(
            model,
            rows,
            SECTION,
            seed=1,
            checkpoint=tmp_path / "c.pt",
            report=lambda *_: None,
        )
