"""Train by a recipe: rows, fine-tuning, calibration, export, measurement, registry."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import structlog
from accelerate import PartialState
from matplotlib import pyplot as plt

from kiemtin.manifest import CARD_FILE, REPORT_FILE
from training.evaluation.plots import all_plots
from training.evaluation.report import Report
from training.evaluation.reporting import BOTH
from training.exporting.bundling import publish
from training.exporting.drafting import choose_graph, finish_draft, write_draft
from training.exporting.golden_texts import GOLDEN_TEXTS
from training.exporting.trained import Trained, keep_trained
from training.finetuning.run import fine_tune
from training.recipes import TrainRecipe
from training.rows import Pool, load_pool
from training.splits import Split
from training.tracking.runs import Tracker, tracked_run
from training.trial import Trial, run_trial

log = structlog.get_logger()

NETWORK = "network"
"""The folder, among the checkpoints of a run, with what `kiemtin export` reads."""
_N_EXAMPLES = 3


def train(
    recipe: TrainRecipe,
    *,
    data: Path,
    encoder: Path,
    out: Path,
    store: str,
    register: bool | None = None,
    splits: Sequence[Split] = BOTH,
    nested: bool = False,
) -> Path:
    """
    Train by *recipe* and return *out*, a bundle that has proven itself.

    Checkpoints lie in `work_of` *out*: the same call goes on after a stop.

    Args:
        recipe: Everything that decides the run.
        data: What ``kiemtin data prepare`` made.
        encoder: A folder, as ``resolve_encoder`` returns it.
        out: Where the bundle goes; one that is there is replaced at the very end.
        store: Where MLflow keeps the run.
        register: Whether the bundle becomes the challenger; by default unless the
            recipe trains on a part of the rows only.
        splits: What is measured; a sweep must not see test.
        nested: Whether it is a part of the run that is going on.

    Raises:
        PreparedError: If there is no prepared set, or nothing in it that may be used.
        StoreError: If the run cannot be kept; before anything is computed.
        DivergedError: If the loss is not a number.
        CheckpointError: If a checkpoint cannot be written, or is of another run.
        ExportError: If no graph that may be shipped computes what the network does.
    """
    work = work_of(out)
    pool = load_pool(
        data, recipe.corpora, permission=recipe.permission, max_rows=recipe.max_rows
    )
    if not PartialState().is_main_process:
        # It helps to fine-tune; everything else is done once.
        fine_tune(recipe, pool, encoder, work=work, report=lambda *_: None)
        return out
    with tracked_run(recipe.name, store=store, nested=nested) as tracker:
        tracker.recipe(recipe)
        tracker.prepared(data, pool.digest)
        trial = run_trial(recipe, pool, encoder, work=work, report=_teller(tracker))
        _track_trial(trial, tracker)
        trained = _trained(recipe, trial)
        keep_trained(trained, work / NETWORK)
        report = _make_bundle(trained, trial, pool, out, splits)
        _track_bundle(report, out, tracker)
        if recipe.max_rows is None if register is None else register:
            tracker.bundle(out, GOLDEN_TEXTS[:_N_EXAMPLES])
    return out


def work_of(out: Path) -> Path:
    """Return where the checkpoints of a bundle *out* lie while it is made."""
    return out.with_name(f".{out.name}.work")


def _make_bundle(
    trained: Trained, trial: Trial, pool: Pool, out: Path, splits: Sequence[Split]
) -> Report:
    """Export, measure and prove aside, then rename: there is never half a bundle."""
    aside = out.with_name(f".{out.name}.tmp")
    parity = write_draft(trained, aside)
    record = choose_graph(trained, aside, pool, parity=parity, dev=trial.dev)
    report = finish_draft(trained, aside, pool, record, splits=splits)
    publish(aside, out)
    return report


def _trained(recipe: TrainRecipe, trial: Trial) -> Trained:
    tuned = trial.tuned
    return Trained(
        tuned.model,
        tuned.tokenizer,
        recipe,
        trial.calibration,
        trial.thresholds,
        tuned.sharpness,
        trial.wide,
        trial.losses,
    )


def _teller(tracker: Tracker) -> Callable[[int, dict[str, float]], None]:
    def tell(step: int, figures: dict[str, float]) -> None:
        log.info("step", step=step, **figures)
        tracker.metrics(figures, step=step)

    return tell


def _track_trial(trial: Trial, tracker: Tracker) -> None:
    """Keep what was chosen on dev, and the plots of it."""
    chosen: dict[str, Any] = {
        str(x): {
            "calibration": trial.calibration[x].model_dump(),
            "log_loss_out_of_fold": trial.losses[x],
            "thresholds": t.model_dump(),
        }
        for x, t in trial.thresholds.items()
    }
    tracker.json(chosen, "chosen_on_dev.json")
    for name, figure in all_plots(trial.dev, trial.thresholds).items():
        tracker.figure(figure, f"{name}.png")
        plt.close(figure)


def _track_bundle(report: Report, out: Path, tracker: Tracker) -> None:
    tracker.metrics(report.flat())
    for name in (REPORT_FILE, CARD_FILE):
        tracker.file(out / name)
    log.info("bundle", folder=str(out))
