"""Pretrain an encoder by a recipe, into a folder that fine-tuning reads."""

from collections.abc import Collection
from pathlib import Path

import structlog
import tomli_w

from training.pretraining.pieces import cut_encoder
from training.pretraining.recipe import PretrainRecipe
from training.pretraining.stages import (
    Places,
    Stage,
    make_shards,
    make_tokenizer,
    train,
)
from training.pretraining.trainer import Report

log = structlog.get_logger()

PIECES, RECIPE = "pieces", "recipe.toml"


def pretrain(
    recipe: PretrainRecipe,
    corpora: Path,
    out: Path,
    *,
    prepared: Path | None = None,
    start: Path | None = None,
    stages: Collection[str] = tuple(Stage),
    session_minutes: float | None = None,
    report: Report = lambda *_: None,
) -> Path:
    """
    Run the *stages* of *recipe* in order; return the folder *out*.

    Every stage leaves its files and is skipped where they are there, so that the
    same command goes on after a stop. In the end the folder is a Hugging Face
    checkpoint (config.json, model.safetensors) with its tokenizer.json.

    Args:
        recipe: What is made.
        corpora: The folder with its files.
        out: The folder of the encoder.
        prepared: What ``kiemtin data prepare`` made, for recipes that read it.
        start: A checkpoint with its tokenizer, to go on from.
        stages: Which of them.
        session_minutes: After so many training stops, to be resumed.
        report: Is told the figures of the training now and then.
    """
    out.mkdir(parents=True, exist_ok=True)
    resolved = recipe.model_dump(mode="json", exclude_none=True)
    (out / RECIPE).write_text(tomli_w.dumps(resolved), encoding="utf-8")
    places = Places(out, corpora, prepared or Path(), start)

    def tell(step: int, figures: dict[str, float]) -> None:
        log.info("step", step=step, **figures)
        report(step, figures)

    if Stage.TOKENIZER in stages:
        make_tokenizer(recipe, places)
    if Stage.SHARDS in stages:
        make_shards(recipe, places)
    is_over = Stage.TRAIN not in stages or train(
        recipe, places, session_minutes=session_minutes, report=tell
    )
    if Stage.PIECES in stages and is_over:
        cut_encoder(out, out / PIECES)
    return out
