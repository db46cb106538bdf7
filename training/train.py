"""Train by a recipe: rows, fine-tuning, calibration, export, measurement, bundle."""

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import structlog
import torch

from kiemtin.bundle import (
    MANIFEST_FILE,
    MODEL_FILE,
    TOKENIZER_FILE,
    Calibration,
    Thresholds,
)
from kiemtin.labels import Label
from kiemtin.scoring import Scorer
from kiemtin.text import Encoder, WindowSpec
from kiemtin.text.segment import Segmenter, installed_version, load_segmenter
from training.batches import ExampleMaker
from training.bundling import publish, write_manifest, write_papers
from training.calibrate import fit_platt
from training.corpora.row import Row
from training.errors import EncoderMissingError
from training.evaluate import score_rows
from training.export import export_int8
from training.finetune import FineTuner, predict
from training.golden_texts import GOLDEN_TEXTS
from training.model import MultiHeadClassifier, load_encoder
from training.recipe import TrainRecipe
from training.report import make_report
from training.rows import Pool, load_pool
from training.splits import Split
from training.thresholds import choose_thresholds
from training.tracking import tracked_run
from training.unpacking import unpack_encoder

log = structlog.get_logger()

_ANY_THRESHOLDS = dict.fromkeys(Label, Thresholds(review=0.5, review_urgent=0.9))


def train(
    recipe: TrainRecipe, *, data: Path, encoder: Path, out: Path, store: str
) -> Path:
    """
    Train by *recipe* and return *out*, a bundle that has proven itself.

    Args:
        recipe: Everything that decides the run.
        data: What ``kiemtin data prepare`` made.
        encoder: A RoBERTa-like checkpoint with its tokenizer.json, or a bundle, of
            which the encoder is taken.
        out: Where the bundle goes; one that is there is replaced at the very end.
        store: Where MLflow keeps the run.

    Raises:
        EncoderMissingError: If there is no encoder.
        PreparedError: If there is no prepared set, or nothing in it that may be used.
        DivergedError: If the loss is not a number.
        ExportError: If the exported graph is not the network.
    """
    if (encoder / MANIFEST_FILE).is_file():
        with TemporaryDirectory() as folder:
            unpacked = unpack_encoder(encoder, Path(folder))
            return train(recipe, data=data, encoder=unpacked, out=out, store=store)
    _require_encoder(encoder, recipe)
    torch.manual_seed(recipe.seed)
    pool = load_pool(
        data, recipe.corpora, permission=recipe.permission, max_rows=recipe.max_rows
    )
    aside = out.with_name(f".{out.name}.tmp")
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(parents=True)
    with tracked_run(recipe.name, store=store) as tracker:
        tracker.params({**recipe.model_dump(mode="json"), "data": pool.digest})
        tokenizer = encoder / TOKENIZER_FILE
        reader = Encoder.from_file(tokenizer, _spec(recipe))
        model = _fine_tune(recipe, pool, encoder, reader, tracker.metrics)
        calibration = _calibrate(recipe, pool.rows[Split.DEV], model, reader)
        shutil.copy(tokenizer, aside / TOKENIZER_FILE)
        change = export_int8(model, aside / MODEL_FILE)
        log.info("exported", largest_change_of_a_logit=change)
        write_manifest(aside, recipe, calibration, _ANY_THRESHOLDS)
        scorer = Scorer.load(aside)
        thresholds = choose_thresholds(
            score_rows(scorer, pool.rows[Split.DEV]),
            score_rows(scorer, pool.rows[Split.PROTECTED_DEV]),
            recipe,
        )
        log.info("thresholds", **{str(x): t.review for x, t in thresholds.items()})
        write_manifest(aside, recipe, calibration, thresholds)
        report = make_report(recipe, pool, Scorer.load(aside))
        tracker.metrics(report.flat())
        write_papers(aside, recipe, report, GOLDEN_TEXTS)
        write_manifest(aside, recipe, calibration, thresholds)
        publish(aside, out)
        tracker.folder(out, "bundle")
    return out


def _require_encoder(folder: Path, recipe: TrainRecipe) -> None:
    for name in ("config.json", "model.safetensors", TOKENIZER_FILE):
        if not (folder / name).is_file():
            msg = (
                f"{folder} has no {name}; make the encoder first with "
                f"`kiemtin pretrain --recipe {recipe.encoder}`, or name a checkpoint or "
                "a bundle by --encoder"
            )
            raise EncoderMissingError(msg)


def _segmenter(recipe: TrainRecipe) -> Segmenter:
    return load_segmenter(recipe.segmenter, installed_version(recipe.segmenter) or "")


def _spec(recipe: TrainRecipe) -> WindowSpec:
    window = recipe.window
    return WindowSpec(window.tokens, window.overlap, window.most)


def _fine_tune(
    recipe: TrainRecipe,
    pool: Pool,
    encoder: Path,
    reader: Encoder,
    metrics: Callable[..., None],
) -> MultiHeadClassifier:
    network = load_encoder(encoder, dropout=recipe.fine_tune.dropout, attention="sdpa")
    model = MultiHeadClassifier(
        network, n_corpora=len(recipe.corpora), dropout=recipe.fine_tune.dropout
    )
    make = ExampleMaker(
        reader,
        corpora=recipe.corpora,
        most_windows=recipe.window.most_in_training,
        assumed=recipe.assumed_negative,
        segmenter=_segmenter(recipe),
    )

    def report(step: int, figures: dict[str, float]) -> None:
        log.info("step", step=step, **figures)
        metrics(figures, step=step)

    tuner = FineTuner(model, recipe, make, pad_id=reader.pad_id)
    return tuner.train(pool.rows[Split.TRAIN], report)


def _calibrate(
    recipe: TrainRecipe,
    rows: Sequence[Row],
    model: MultiHeadClassifier,
    reader: Encoder,
) -> dict[Label, Calibration]:
    """Fit each label on the dev rows that carry it."""
    make = ExampleMaker(
        reader,
        corpora=recipe.corpora,
        most_windows=recipe.window.most,
        segmenter=_segmenter(recipe),
    )
    examples = [e for r in rows if (e := make(r, r.text))]
    is_max = torch.tensor([recipe.pooling[x] == "max" for x in Label])
    logits = predict(model, examples, pad_id=reader.pad_id, is_max=is_max)
    targets = np.array([e.targets for e in examples])
    known = np.array([e.weights for e in examples]) > 0
    return {
        x: fit_platt(logits[known[:, i], i], targets[known[:, i], i].astype(np.int64))
        for i, x in enumerate(Label)
    }
