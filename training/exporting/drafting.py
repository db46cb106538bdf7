"""From a trained network to a bundle: a draft in fp32, then what is shipped."""

import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import torch

from kiemtin.manifest import MODEL_FILE, Variant
from kiemtin.scoring import Scorer
from training.evaluation.report import Report
from training.evaluation.reporting import BOTH, Making, make_report
from training.evaluation.scored import Scored
from training.evaluation.scores import Scores
from training.exporting.bundling import publish, write_manifest, write_papers
from training.exporting.golden_texts import GOLDEN_TEXTS
from training.exporting.graph import export_graph
from training.exporting.judging import DraftJudge
from training.exporting.trained import Trained, read_trained
from training.exporting.variants import ExportRecord, choose_variant
from training.recipes import TrainRecipe
from training.rows import Pool, load_pool
from training.splits import Split


def write_draft(trained: Trained, folder: Path) -> float:
    """
    Write a bundle in fp32, without papers and goldens, to *folder*.

    Its thresholds may be any: rows are scored with it in order to choose them.

    Returns:
        By how much a logit of the graph differs from the network's, at most.

    Raises:
        ExportError: If the graph does not compute what the network does.
    """
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    parity = export_graph(trained.network, folder / MODEL_FILE)
    write_manifest(folder, trained, variant="fp32")
    return parity


def choose_graph(
    trained: Trained,
    folder: Path,
    pool: Pool,
    *,
    parity: float,
    dev: Scored | None = None,
) -> ExportRecord:
    """
    Put the graph that the recipe asks for in the place of the draft's.

    Args:
        trained: With the thresholds that are shipped.
        folder: What `write_draft` wrote.
        pool: On whose dev rows the graph is held against that of the draft.
        parity: What `write_draft` returned, for the record.
        dev: Those rows, if they are scored with the draft already, by any thresholds.

    Raises:
        ExportError: If every graph that may be shipped loses more than is allowed.
    """
    write_manifest(folder, trained, variant="fp32")
    judge = DraftJudge(
        folder,
        trained.network,
        pool.rows[Split.DEV],
        GOLDEN_TEXTS,
        threads=torch.get_num_threads(),
    )
    graph = folder / MODEL_FILE
    with TemporaryDirectory() as beside:
        fp32 = Path(shutil.copy(graph, Path(beside) / MODEL_FILE))
        record = choose_variant(
            fp32,
            graph,
            trained.recipe.export,
            reference=judge.flag_anew(dev) if dev else judge.score(fp32),
            judge=judge,
        )
    write_manifest(folder, trained, variant=record.variant)
    known = {"parity": parity, "weights_from": trained.weights_from}
    return record.model_copy(update=known)


def finish_draft(
    trained: Trained,
    folder: Path,
    pool: Pool,
    record: ExportRecord,
    *,
    splits: Sequence[Split] = BOTH,
) -> Report:
    """Measure the bundle in *folder* on *splits*, and write its papers and goldens."""
    scorer = Scorer.load(folder, threads=torch.get_num_threads())
    making = Making(trained.calibration_losses, record.model_dump(mode="json"))
    report = make_report(
        trained.recipe, Scores(scorer, pool), splits=splits, making=making
    )
    write_papers(folder, trained, report, GOLDEN_TEXTS)
    write_manifest(folder, trained, variant=record.variant)
    return report


def export(
    source: Path, out: Path, *, data: Path, variant: Variant | None = None
) -> ExportRecord:
    """
    Make a bundle of what *source* holds, measured anew and proven, in *out*.

    Args:
        source: What training kept, or a bundle, whose graph is taken apart.
        out: Where it goes; a bundle that is there is replaced at the very end.
        data: What ``kiemtin data prepare`` made.
        variant: Which graph is shipped, if not the one of the recipe.

    Raises:
        CheckpointError: If *source* is neither.
        BundleError: If it is a bundle that does not hold.
        PreparedError: If there is no prepared set, or not of the recipe's corpora.
        ExportError: If every graph that may be shipped loses more than is allowed.
    """
    trained = read_trained(source)
    if variant:
        section = trained.recipe.export.model_copy(update={"variant": variant})
        recipe = trained.recipe.model_copy(update={"export": section})
        trained = replace(trained, recipe=recipe)
    pool = _pool(trained.recipe, data)
    aside = out.with_name(f".{out.name}.tmp")
    parity = write_draft(trained, aside)
    record = choose_graph(trained, aside, pool, parity=parity)
    finish_draft(trained, aside, pool, record)
    publish(aside, out)
    return record


def _pool(recipe: TrainRecipe, data: Path) -> Pool:
    return load_pool(
        data, recipe.corpora, permission=recipe.permission, max_rows=recipe.max_rows
    )
