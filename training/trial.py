"""A recipe tried on dev: fine-tuned, calibrated and judged, before anything is exported."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kiemtin.calibration import calibrate, mix
from kiemtin.labels import Label
from kiemtin.manifest import Calibration, Thresholds
from kiemtin.text import Encoder
from kiemtin.text.segment import installed_version, load_segmenter
from kiemtin.wide import WidePart
from training.calibrating.choice import choose_calibration
from training.calibrating.thresholds import choose_thresholds
from training.corpora.row import Row
from training.evaluation.scored import Scored
from training.finetuning.examples import ExampleMaker
from training.finetuning.loop import Report
from training.finetuning.predicting import predict
from training.finetuning.run import Tuned, fine_tune
from training.perturb import Half, perturb
from training.recipes import TrainRecipe
from training.rows import Pool
from training.splits import Split
from training.wide.features import STRIPPED
from training.wide.keeping import wide_of_run
from training.wide.learning import reader_of
from training.wide.mixing import fit_all


@dataclass(frozen=True)
class Trial:
    """
    What a recipe comes to on the dev rows.

    Attributes:
        tuned: The network.
        calibration: Of each label, chosen on dev.
        losses: Of each label, the held-out log loss of each way to calibrate.
        wide: The wide part, mixed on dev, if the recipe has one.
        thresholds: Chosen on dev and on the dev half of protected speech.
        dev: The dev rows, as the network scores them.
        protected: The dev half of protected speech.
    """

    tuned: Tuned
    calibration: dict[Label, Calibration]
    losses: dict[Label, dict[str, float]]
    wide: WidePart | None
    thresholds: dict[Label, Thresholds]
    dev: Scored
    protected: Scored


def run_trial(
    recipe: TrainRecipe, pool: Pool, encoder: Path, *, work: Path, report: Report
) -> Trial:
    """
    Fine-tune *encoder* by *recipe* and judge it on dev; test rows are not looked at.

    Args:
        recipe: Everything that decides the run.
        pool: Its train rows teach, its dev rows judge.
        encoder: A folder, as ``resolve_encoder`` returns it.
        work: Where checkpoints are; from one that is there the run goes on.
        report: Is told figures now and then.

    Raises:
        DivergedError: If a loss is not a number.
        CheckpointError: If a checkpoint cannot be written, or is of another run.
    """
    tuned = fine_tune(recipe, pool, encoder, work=work, report=report)
    wide = wide_of_run(recipe, pool, work)
    if wide:
        wide = _mixed(recipe, pool.rows[Split.DEV], tuned, wide)
    dev, logits = _logits(recipe, pool.rows[Split.DEV], tuned, wide)
    chosen = {x: _calibrate(recipe, dev, logits, x) for x in Label}
    calibration = {x: c for x, (c, _) in chosen.items()}
    scored = _scored(dev, logits, calibration)
    speech = _scored(
        *_logits(recipe, pool.rows[Split.PROTECTED_DEV], tuned, wide), calibration
    )
    thresholds = choose_thresholds(scored, speech, recipe)
    return Trial(
        tuned,
        calibration,
        {x: losses for x, (_, losses) in chosen.items()},
        wide,
        thresholds,
        flagged_at(scored, thresholds),
        flagged_at(speech, thresholds),
    )


def flagged_at(scored: Scored, thresholds: dict[Label, Thresholds]) -> Scored:
    """Return *scored* with the flags of *thresholds*; hate counts within abusive only."""
    flags = scored.scores >= np.array([thresholds[x].review for x in Label])
    abusive, hate = (list(Label).index(x) for x in (Label.ABUSIVE, Label.HATE))
    flags[:, hate] &= flags[:, abusive]
    return Scored(scored.rows, scored.scores, flags)


def _mixed(
    recipe: TrainRecipe, rows: Sequence[Row], tuned: Tuned, wide: WidePart
) -> WidePart:
    """Return *wide*, mixed so that it helps *rows* as they are and stripped alike."""
    both = [
        *((r, r.text) for r in rows),
        *((r, perturb(STRIPPED, r.text, seed=recipe.seed, half=Half.A)) for r in rows),
    ]
    kept, texts, network = _of_network(recipe, both, tuned)
    known = list(dict.fromkeys(x.label for x in wide.spec.experts))
    mixing = fit_all(kept, network, _of_wide(recipe, texts, wide), known)
    return wide.with_mixing(mixing)


def _logits(
    recipe: TrainRecipe, rows: Sequence[Row], tuned: Tuned, wide: WidePart | None
) -> tuple[list[Row], NDArray[np.float64]]:
    """Return the rows that have a text, and their logits: what is calibrated."""
    kept, texts, logits = _of_network(recipe, [(r, r.text) for r in rows], tuned)
    if not wide:
        return kept, logits
    mixing = [wide.spec.mixing[x] for x in Label]
    return kept, mix(mixing, logits, _of_wide(recipe, texts, wide))


def _of_wide(
    recipe: TrainRecipe, texts: Sequence[str], wide: WidePart
) -> NDArray[np.float64]:
    read = reader_of(recipe)
    return np.array([wide.logits(read(t)) for t in texts]).reshape(-1, len(Label))


def _of_network(
    recipe: TrainRecipe, pairs: Sequence[tuple[Row, str]], tuned: Tuned
) -> tuple[list[Row], list[str], NDArray[np.float64]]:
    """Return the rows and texts that are not empty, and their pooled logits."""
    reader = Encoder.from_file(tuned.tokenizer, tuned.window)
    make = ExampleMaker(
        reader,
        corpora=recipe.corpora,
        most_windows=recipe.window.most,
        segmenter=load_segmenter(
            recipe.segmenter, installed_version(recipe.segmenter) or ""
        ),
    )
    found = [(r, t, e) for r, t in pairs if (e := make(r, t))]
    logits = predict(
        tuned.model,
        [e for _, _, e in found],
        pad_id=reader.pad_id,
        pooling=tuned.pooling,
    )
    return [r for r, _, _ in found], [t for _, t, _ in found], logits.astype(np.float64)


def _calibrate(
    recipe: TrainRecipe, rows: Sequence[Row], logits: NDArray[np.float64], label: Label
) -> tuple[Calibration, dict[str, float]]:
    known = [i for i, r in enumerate(rows) if label in r.labels]
    truth = np.array([int(rows[i].labels[label]) for i in known], dtype=np.int64)
    column = list(Label).index(label)
    return choose_calibration(logits[known, column], truth, recipe.calibration)


def _scored(
    rows: list[Row],
    logits: NDArray[np.float64],
    calibration: dict[Label, Calibration],
) -> Scored:
    columns = [calibrate(calibration[x], logits[:, i]) for i, x in enumerate(Label)]
    scores = np.column_stack(columns)
    abusive, hate = (list(Label).index(x) for x in (Label.ABUSIVE, Label.HATE))
    scores[:, hate] = np.minimum(scores[:, hate], scores[:, abusive])
    # Rounded as replies are, so that a flag means the same here and there.
    scores = scores.round(4)
    return Scored(rows, scores, np.zeros(scores.shape, dtype=bool))
