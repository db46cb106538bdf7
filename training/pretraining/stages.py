"""The stages of pretraining; each leaves its files, and is skipped where they are."""

import hashlib
import json
import os
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import numpy as np
import structlog
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer
from transformers import RobertaForMaskedLM

from training.errors import EncoderMissingError
from training.pretraining.avoidance import Avoided, examined_texts
from training.pretraining.corpus import draw_documents
from training.pretraining.encoding import encode_documents, write_documents
from training.pretraining.masked_lm import load_model, new_model
from training.pretraining.masking import words_begin
from training.pretraining.recipe import PretrainRecipe
from training.pretraining.shards import (
    open_tokens,
    read_manifest,
    sequences,
    write_shards,
)
from training.pretraining.tokenizer import train_tokenizer
from training.pretraining.trainer import Report, Session, Trainer
from training.pretraining.vectors import train_vectors
from training.pretraining.writing import Writer

log = structlog.get_logger()

TOKENIZER, SHARDS, VECTORS = "tokenizer.json", "shards", "vectors.npy"
CHECKPOINT, FINISH = "checkpoint.pt", "finish"

_NOT_OF_TOKENS = {"shape", "vectors", "masked_lm", "start"}
"""Keys of a recipe that may change while its shards stay."""


class Stage(StrEnum):
    """A part of pretraining that can be run alone."""

    TOKENIZER = "tokenizer"
    SHARDS = "shards"
    TRAIN = "train"
    PIECES = "pieces"


@dataclass(frozen=True, slots=True)
class Places:
    """
    What a run reads, and where its files go.

    Attributes:
        out: The folder of the encoder.
        corpora: The folder with the files of the recipe.
        prepared: What ``kiemtin data prepare`` made.
        start: A checkpoint with its tokenizer, to go on from.
    """

    out: Path
    corpora: Path
    prepared: Path
    start: Path | None = None


def make_tokenizer(recipe: PretrainRecipe, places: Places) -> None:
    """Train the tokenizer, or take that of the start, unless it is there."""
    path = places.out / TOKENIZER
    if path.exists():
        return
    if places.start:
        path.write_bytes((places.start / TOKENIZER).read_bytes())
        return
    drawn = draw_documents(recipe, places.corpora, places.prepared)
    some = (d for d in drawn if d.seed < recipe.tokenizer.sample * 2**32)
    writer = _writer(recipe, places)
    texts = write_documents(some, writer)
    tokenizer = train_tokenizer(texts, vocab_size=recipe.shape.vocab_size)
    tokenizer.save(str(path))
    log.info("tokenizer", tokens=tokenizer.get_vocab_size())


def make_shards(recipe: PretrainRecipe, places: Places) -> None:
    """
    Write the tokens of all documents, unless they are there.

    Raises:
        EncoderMissingError: If there is no tokenizer.
    """
    folder, tokenizer = places.out / SHARDS, places.out / TOKENIZER
    if not tokenizer.exists():
        msg = f"{tokenizer} is not there: the stage {Stage.TOKENIZER} makes it"
        raise EncoderMissingError(msg)
    made_of = _digest(recipe, tokenizer)
    there = read_manifest(folder)
    if there and there.made_of == made_of:
        return
    documents = encode_documents(
        draw_documents(recipe, places.corpora, places.prepared),
        _writer(recipe, places),
        tokenizer,
    )
    written = write_shards(documents, folder, made_of=made_of)
    log.info(
        "shards", **written.model_dump(include={"documents", "left_out", "tokens"})
    )


def train(
    recipe: PretrainRecipe,
    places: Places,
    *,
    session_minutes: float | None,
    report: Report,
) -> bool:
    """
    Train on the shards; return whether the run is over and its weights are written.

    Raises:
        DigestError: If the shards are not there, or not what was written.
    """
    out = places.out
    shards, tokens = open_tokens(out / SHARDS)
    tokenizer = Tokenizer.from_file(str(out / TOKENIZER))
    rows = sequences(tokens, recipe.shape.window_tokens)
    torch.manual_seed(recipe.seed)
    model = _model(recipe, places, tokenizer, rows)
    log.info("pretraining", sequences=len(rows), parameters=model.num_parameters())
    if torch.cuda.is_available():
        torch.nn.Module.cuda(model)
    trainer = Trainer(
        model,
        rows,
        recipe.masked_lm,
        seed=recipe.seed,
        session=Session(
            out / CHECKPOINT, out / FINISH, shards.made_of, session_minutes
        ),
        report=report,
        begins_word=words_begin(tokenizer) if recipe.masked_lm.whole_words else None,
    )
    is_over = trainer.train()
    if is_over:
        model.save_pretrained(out)
    return is_over


def _model(
    recipe: PretrainRecipe,
    places: Places,
    tokenizer: Tokenizer,
    rows: NDArray[np.uint16],
) -> RobertaForMaskedLM:
    if places.start:
        return load_model(places.start, recipe.shape)
    n_tokens = tokenizer.get_vocab_size()
    model = new_model(recipe.shape.model_copy(update={"vocab_size": n_tokens}))
    if recipe.vectors:
        vectors = torch.from_numpy(_vectors(recipe, rows, places.out, n_tokens))
        with torch.no_grad():
            model.roberta.embeddings.word_embeddings.weight.copy_(vectors)
    return model


def _vectors(
    recipe: PretrainRecipe, rows: NDArray[np.uint16], out: Path, n_tokens: int
) -> NDArray[np.float32]:
    """Train the word vectors, unless they are there."""
    path = out / VECTORS
    if recipe.vectors and not path.exists():
        vectors = train_vectors(
            rows,
            recipe.vectors,
            size=recipe.shape.hidden_size,
            vocab_size=n_tokens,
            seed=recipe.seed,
            threads=len(os.sched_getaffinity(0)),
        )
        np.save(path, vectors)
        log.info("vectors", file=str(path))
    loaded: NDArray[np.float32] = np.load(path)
    return loaded


def _writer(recipe: PretrainRecipe, places: Places) -> Writer:
    avoided = Avoided(examined_texts(places.prepared)) if recipe.avoid else None
    return Writer(recipe, avoided)


def _digest(recipe: PretrainRecipe, tokenizer: Path) -> str:
    keys = recipe.model_dump(mode="json", exclude=_NOT_OF_TOKENS)
    made_of = json.dumps(keys, sort_keys=True).encode() + tokenizer.read_bytes()
    return hashlib.sha256(made_of).hexdigest()
