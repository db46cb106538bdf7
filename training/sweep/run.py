"""Run a sweep: train what is not there yet, measure all, choose by the rule."""

import json
import tomllib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

import structlog
from pydantic import ValidationError

from kiemtin.manifest import MANIFEST_FILE, RECIPE_FILE, REPORT_FILE
from training.errors import PreparedError
from training.preparation.manifest import is_current, read_manifest
from training.promotion.gaps import measure_gap
from training.recipes import TrainRecipe
from training.splits import Split
from training.sweep.measuring import DevRows, Measured, load_dev, measure
from training.sweep.recipe import SweepRecipe
from training.sweep.summary import Outcome, Summary, judge
from training.tracking.runs import Tracker, tracked_run

log = structlog.get_logger()

SUMMARY_FILE, TABLE_FILE = "summary.json", "summary.md"


class Train(Protocol):
    """What makes a bundle of a recipe, as ``training.train.train`` does."""

    def __call__(
        self,
        recipe: TrainRecipe,
        *,
        data: Path,
        encoder: Path,
        out: Path,
        store: str,
        register: bool,
        splits: Sequence[Split],
        nested: bool,
    ) -> Path:
        """Return *out*, tracked as a part of the run that is going on."""


def run_sweep(
    sweep: SweepRecipe,
    *,
    train: Train,
    data: Path,
    encoder_of: Callable[[TrainRecipe], Path],
    out: Path,
    store: str,
    fresh: bool = False,
) -> Summary:
    """
    Train every variant of *sweep* and return how they compare.

    A bundle that is there, made by the same recipe from the same rows, is not made
    again: a sweep that was stopped goes on. The summary is written after each variant.

    Args:
        sweep: What is compared; every recipe is checked before the first is trained.
        train: What makes a bundle of a recipe.
        data: What ``kiemtin data prepare`` made.
        encoder_of: Where the encoder of a recipe is.
        out: Where bundles go, each under the name of its variant, and the summary.
        store: Where MLflow keeps the run of the sweep, and below it those of variants.
        fresh: Whether to train what is there, too.

    Raises:
        RecipeError: If a variant sets what no recipe has.
        PreparedError: If there is no prepared set, or an old one.
    """
    recipes = sweep.recipes()
    manifest = read_manifest(data)
    if not is_current(manifest):
        msg = (
            f"{data} was made by other rules; make it anew with `kiemtin data prepare`"
        )
        raise PreparedError(msg)
    found: dict[str, Measured] = {}
    with tracked_run(
        f"sweep-{sweep.name}", store=store, tags={"sweep": sweep.name}
    ) as run:
        run.params({"base": sweep.base, **sweep.set, "data": manifest.digest})
        for name, recipe in recipes.items():
            rows = load_dev(data, recipe)
            bundle = out / name
            if not fresh and is_made(bundle, recipe, manifest.digest):
                log.info("variant", name=name, skipped="its bundle is there")
            else:
                log.info("variant", name=name)
                train(
                    recipe,
                    data=data,
                    encoder=encoder_of(recipe),
                    out=bundle,
                    store=store,
                    register=False,
                    splits=(Split.DEV,),
                    nested=True,
                )
            found[name] = measure(bundle, rows)
            summary = _summarize(sweep, found, rows, manifest.digest)
            _write(summary, out)
        _track(summary, out, run)
    return summary


def is_made(bundle: Path, recipe: TrainRecipe, data_digest: str) -> bool:
    """Return whether *bundle* was made by *recipe* from the rows of that digest."""
    if not (bundle / MANIFEST_FILE).is_file():
        return False
    try:
        made_by = tomllib.loads((bundle / RECIPE_FILE).read_text(encoding="utf-8"))
        report = json.loads((bundle / REPORT_FILE).read_text(encoding="utf-8"))
        return (
            TrainRecipe.model_validate(made_by) == recipe
            and report["data_digest"] == data_digest
        )
    except (OSError, ValueError, KeyError, ValidationError):
        return False  # of another time: it is made anew


def _summarize(
    sweep: SweepRecipe, found: dict[str, Measured], rows: DevRows, data_digest: str
) -> Summary:
    first = next(iter(found.values()))
    outcomes = [
        Outcome(
            variant=variant.name,
            set=variant.set,
            digest=measured.digest,
            figures=measured.figures,
            gap=None
            if measured is first
            else measure_gap(measured.scored, first.scored),
        )
        for variant in sweep.variants
        if (measured := found.get(variant.name))
    ]
    judged, chosen = judge(outcomes, sweep.choose)
    return Summary(
        sweep=sweep.name,
        base=sweep.base,
        set=sweep.set,
        data_digest=data_digest,
        rows={"dev": len(rows.dev), "protected": len(rows.protected)},
        choose=sweep.choose,
        show=sweep.show,
        outcomes=judged,
        chosen=chosen,
    )


def _write(summary: Summary, out: Path) -> None:
    out.mkdir(parents=True, exist_ok=True)
    for name, text in (
        (SUMMARY_FILE, summary.model_dump_json(indent=2) + "\n"),
        (TABLE_FILE, summary.markdown()),
    ):
        (out / name).write_text(text, encoding="utf-8")


def _track(summary: Summary, out: Path, run: Tracker) -> None:
    for outcome in summary.outcomes:
        run.metrics({f"{outcome.variant}.{k}": v for k, v in outcome.figures.items()})
    run.tags({"chosen": summary.chosen or ""})
    for name in (SUMMARY_FILE, TABLE_FILE):
        run.file(out / name)
