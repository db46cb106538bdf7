"""A rehearsal of pretraining: every step of it, on a little text, in a minute."""

from pathlib import Path

import structlog

from training.pretraining.masked_lm import load_model
from training.pretraining.pieces import join_encoder
from training.pretraining.recipe import PretrainRecipe
from training.pretraining.run import PIECES, pretrain

log = structlog.get_logger()

_MILLION_CHARS, _TIMES_OF_ROWS = 0.1, 0.005
_VOCABULARY, _BATCH, _EPOCHS = 2_000, 4, 0.05
_MOMENT = 1e-9
"""Minutes of a session that ends after its first step."""


def rehearse(
    recipe: PretrainRecipe,
    corpora: Path,
    out: Path,
    *,
    prepared: Path | None = None,
    start: Path | None = None,
) -> Path:
    """
    Run all of *recipe* on a little text: what fails here would fail after an hour.

    Makes the tokenizer and the shards, trains a step, stops, goes on from the
    checkpoint to the end, cuts the weights to pieces and joins them.
    """
    little = rehearsed(recipe)
    for minutes in (_MOMENT, None):
        pretrain(
            little,
            corpora,
            out,
            prepared=prepared,
            start=start,
            session_minutes=minutes,
        )
        log.info("session", over=(out / PIECES).exists())
    joined = join_encoder(out / PIECES, out / "joined")
    load_model(joined, little.shape)
    return joined


def rehearsed(recipe: PretrainRecipe) -> PretrainRecipe:
    """Return *recipe* with little text, a small vocabulary and few steps."""
    vocabulary = min(_VOCABULARY, recipe.shape.vocab_size)
    few = {"batch_sequences": _BATCH, "epochs": _EPOCHS, "minutes": None}
    shares = [
        s.model_copy(update={"million_chars": _MILLION_CHARS}) for s in recipe.corpora
    ]
    changes = {
        "corpora": tuple(shares),
        "rows": recipe.rows
        and recipe.rows.model_copy(update={"times": _TIMES_OF_ROWS}),
        "shape": recipe.shape.model_copy(update={"vocab_size": vocabulary}),
        "vectors": recipe.vectors and recipe.vectors.model_copy(update={"epochs": 1}),
        "masked_lm": recipe.masked_lm.model_copy(update=few),
    }
    return recipe.model_copy(update=changes)
