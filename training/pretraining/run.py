"""Pretrain an encoder by a recipe, into a folder that fine-tuning reads."""

import json
import os
from pathlib import Path

import numpy as np
import structlog
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer

from training.pretraining.corpus import sample_documents
from training.pretraining.masked_lm import new_model, train_masked_lm
from training.pretraining.shards import sequences, write_shard
from training.pretraining.tokenizer import train_tokenizer
from training.pretraining.vectors import train_vectors
from training.recipe import PretrainRecipe

log = structlog.get_logger()

TOKENIZER, SHARD, VECTORS = "tokenizer.json", "tokens.npy", "vectors.npy"
CHECKPOINT, HISTORY = "checkpoint.pt", "history.jsonl"
TOKENIZER_DOCUMENTS = 200_000
"""More documents than this change hardly a merge."""


def pretrain(recipe: PretrainRecipe, corpora: Path, out: Path) -> Path:
    """
    Pretrain by *recipe* on the files in *corpora*; return the folder *out*.

    Every stage leaves a file and is skipped where its file is there, so that the
    same command goes on after a stop. The result is a Hugging Face checkpoint
    (config.json, model.safetensors) with its tokenizer.json.
    """
    out.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(recipe.seed)
    tokenizer = _tokens(recipe, corpora, out)
    rows = sequences(np.load(out / SHARD), recipe.shape.window_tokens)
    model = new_model(recipe.shape)
    if recipe.vectors.epochs:
        vectors = _vectors(recipe, rows, out)
        with torch.no_grad():
            model.roberta.embeddings.word_embeddings.weight.copy_(
                torch.from_numpy(vectors)
            )
    log.info("pretraining", sequences=len(rows), parameters=model.num_parameters())

    def report(step: int, figures: dict[str, float]) -> None:
        log.info("step", step=step, **figures)
        with (out / HISTORY).open("a") as f:
            f.write(json.dumps({"step": step, **figures}) + "\n")

    if torch.cuda.is_available():
        torch.nn.Module.cuda(model)
    train_masked_lm(
        model,
        rows,
        recipe.masked_lm,
        seed=recipe.seed,
        checkpoint=out / CHECKPOINT,
        report=report,
    )
    model.save_pretrained(out)
    tokenizer.save(str(out / TOKENIZER))
    return out


def _tokens(recipe: PretrainRecipe, corpora: Path, out: Path) -> Tokenizer:
    """Train the tokenizer and write the shard, unless both are there."""
    if (out / SHARD).exists() and (out / TOKENIZER).exists():
        return Tokenizer.from_file(str(out / TOKENIZER))
    documents = [
        d
        for share in recipe.corpora
        for d in sample_documents(
            corpora, share, stripped=recipe.stripped, seed=recipe.seed
        )
        if d
    ]
    log.info("read", documents=len(documents), chars=sum(map(len, documents)))
    step = max(1, len(documents) // TOKENIZER_DOCUMENTS)
    tokenizer = train_tokenizer(documents[::step], vocab_size=recipe.shape.vocab_size)
    tokenizer.save(str(out / TOKENIZER))
    n = write_shard(documents, tokenizer, out / SHARD, seed=recipe.seed)
    log.info("encoded", tokens=n)
    return tokenizer


def _vectors(
    recipe: PretrainRecipe, rows: NDArray[np.uint16], out: Path
) -> NDArray[np.float32]:
    """Train the word vectors, unless they are there."""
    path = out / VECTORS
    if not path.exists():
        vectors = train_vectors(
            rows,
            recipe.vectors,
            size=recipe.shape.hidden_size,
            vocab_size=recipe.shape.vocab_size,
            seed=recipe.seed,
            threads=os.cpu_count() or 1,
        )
        np.save(path, vectors)
        log.info("vectors", file=str(path))
    loaded: NDArray[np.float32] = np.load(path)
    return loaded
