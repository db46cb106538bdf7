"""``kiemtin evaluate``: what a bundle does on prepared rows, clean and written otherwise."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from kiemtin.manifest import RECIPE_FILE, REPORT_FILE
from kiemtin.scoring import Scorer
from training.corpora.sources import Permission
from training.errors import RecipeError
from training.evaluation.comparison import Difference, compare
from training.evaluation.faithfulness import measure_faithfulness
from training.evaluation.floor import score_floor
from training.evaluation.page import render_page
from training.evaluation.report import Report
from training.evaluation.reporting import BOTH, make_report
from training.evaluation.robustness import measure_robustness
from training.evaluation.scores import Scores
from training.rows import Pool, load_pool
from training.splits import Split

PAGE_FILE = "index.html"
FLOOR = "floor"
"""What the linear model is called among those that a bundle is held against."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """
    What is to be measured.

    Attributes:
        splits: Dev to choose by, test to report.
        corpora: Whose rows; if none, those of the recipe in the bundle.
        perturbations: By which rows are changed, too.
        reasons: Whether to run the deletion test.
        floor: A folder for the scores of the linear model, None to do without it.
        against: Another bundle to hold this one against.
    """

    splits: Sequence[Split] = BOTH
    corpora: tuple[str, ...] = ()
    perturbations: Sequence[str] = ()
    reasons: bool = False
    floor: Path | None = None
    against: Path | None = None


def evaluate(bundle: Path, data: Path, wanted: Wanted) -> tuple[Report, Scores]:
    """
    Measure *bundle* on the prepared set in *data*.

    Returns:
        The report, and the scores that it was made of.

    Raises:
        BundleError: If a bundle is not whole, or made for other code.
        PreparedError: If there is no prepared set, or a corpus is not in it.
        RecipeError: If no corpora are named, and the bundle names none.
    """
    pool = _pool_of(bundle / RECIPE_FILE, data, wanted.corpora)
    scores = Scores(Scorer.load(bundle, threads=0), pool)
    report = make_report(scores.scorer.manifest, scores, splits=wanted.splits)
    more = {
        "digest": scores.scorer.digest,
        "robustness": {
            str(s): measure_robustness(
                scores.of(s), {n: scores.of(s, n) for n in wanted.perturbations}
            )
            for s in wanted.splits
            if wanted.perturbations
        },
        "faithfulness": {
            str(s): measure_faithfulness(scores.scorer, pool.rows[s])
            for s in wanted.splits
            if wanted.reasons
        },
        "against": _against(scores, wanted),
    }
    return report.model_copy(update=more), scores


def write_report(report: Report, scores: Scores, folder: Path) -> Path:
    """Write *report* into *folder*, which is made if need be, and return the page."""
    folder.mkdir(parents=True, exist_ok=True)
    figures = report.model_dump_json(indent=1)
    (folder / REPORT_FILE).write_text(f"{figures}\n", encoding="utf-8")
    page = folder / PAGE_FILE
    drawn = {name: scores.of(Split(name)) for name in report.splits}
    page.write_text(render_page(report, drawn), encoding="utf-8")
    return page


def _against(scores: Scores, wanted: Wanted) -> dict[str, dict[str, list[Difference]]]:
    found = {}
    if wanted.floor:
        found[FLOOR] = {
            str(s): compare(
                scores.of(s), score_floor(scores.pool, s, cache=wanted.floor)
            )
            for s in wanted.splits
        }
    if wanted.against:
        other = Scores(Scorer.load(wanted.against, threads=0), scores.pool)
        manifest = other.scorer.manifest
        found[f"{manifest.name} {manifest.version}"] = {
            str(s): compare(scores.of(s), other.of(s)) for s in wanted.splits
        }
    return found


def _pool_of(recipe: Path, data: Path, corpora: tuple[str, ...]) -> Pool:
    # Not read as a recipe of today: one that made an older bundle had other keys.
    try:
        found = tomllib.loads(recipe.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        found = {}
    named = corpora or tuple(found.get("corpora", ()))
    if not named:
        msg = f"{recipe} names no corpora; name them by --corpus"
        raise RecipeError(msg)
    permission = Permission(found.get("permission", Permission.UNSTATED))
    return load_pool(data, named, permission=permission)
