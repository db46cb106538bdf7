"""``kiemtin evaluate``: what a bundle does on prepared rows, clean and written otherwise."""

import tomllib
from pathlib import Path

from pydantic import BaseModel, ConfigDict
from rich.console import Console
from rich.table import Table

from kiemtin.bundle import RECIPE_FILE
from kiemtin.labels import Label
from kiemtin.scoring import Scorer
from training.errors import RecipeError
from training.evaluate import Figures, figures, score_rows
from training.faithfulness import Faithfulness, measure_faithfulness
from training.robustness import CLEAN, Robustness, examine
from training.rows import load_pool
from training.splits import Split


class Examination(BaseModel):
    """
    What was measured.

    Attributes:
        bundle: The digest of the bundle.
        data_digest: Of the prepared set.
        split: Of which the rows are.
        figures: By corpus and name, with 95 % intervals.
        robustness: On perturbed copies, if asked for.
        faithfulness: The deletion test of reasons, if asked for.
    """

    model_config = ConfigDict(frozen=True)

    bundle: str
    data_digest: str
    split: Split
    figures: Figures
    robustness: list[Robustness] = []
    faithfulness: dict[Label, Faithfulness] = {}


def evaluate(
    bundle: Path,
    *,
    data: Path,
    split: Split,
    corpora: tuple[str, ...],
    perturbed: bool,
    reasons: bool,
) -> Examination:
    """
    Measure *bundle* on the rows of *split*.

    Args:
        bundle: A folder that proves itself.
        data: What ``kiemtin data prepare`` made.
        split: Dev to choose by, test to report.
        corpora: Whose rows; if none, those of the recipe in the bundle.
        perturbed: Whether to measure perturbed copies, too.
        reasons: Whether to run the deletion test.

    Raises:
        BundleError: If the bundle is not whole, or made for other code.
        PreparedError: If there is no prepared set, or a corpus is not in it.
        RecipeError: If no corpora are named, and the bundle names none.
    """
    pool = load_pool(data, corpora or _corpora_named_in(bundle / RECIPE_FILE))
    scorer = Scorer.load(bundle, threads=0)
    rows = pool.rows[split]
    return Examination(
        bundle=scorer.digest,
        data_digest=pool.digest,
        split=split,
        figures=figures(score_rows(scorer, rows)),
        robustness=examine(scorer, rows) if perturbed else [],
        faithfulness=measure_faithfulness(scorer, rows) if reasons else {},
    )


def _corpora_named_in(recipe: Path) -> tuple[str, ...]:
    # Not read as a recipe of today: one that made an older bundle had other keys.
    try:
        found = tomllib.loads(recipe.read_text(encoding="utf-8"))["corpora"]
    except (OSError, ValueError, KeyError) as e:
        msg = f"{recipe} names no corpora; name them by --corpus"
        raise RecipeError(msg) from e
    return tuple(found)


def print_examination(found: Examination, console: Console) -> None:
    """Print *found* as tables."""
    if found.robustness:
        console.print(_robustness_table(found.robustness))
    else:
        console.print(_figure_table(found.figures))
    if found.faithfulness:
        console.print(_faithfulness_table(found.faithfulness))


def _figure_table(found: Figures) -> Table:
    table = Table("corpus", "figure", "value", "95 % interval", "rows")
    for corpus, named in found.items():
        for name, x in named.items():
            interval = f"{x.low:.3f} to {x.high:.3f}"
            table.add_row(corpus, name, f"{x.value:.3f}", interval, str(x.rows))
    return table


def _robustness_table(found: list[Robustness]) -> Table:
    names = [CLEAN, *(n for n in found[0].values if n != CLEAN)]
    table = Table("corpus", "figure", *names, "rows")
    for x in found:
        values = (f"{x.values[n]:.3f}" for n in names)
        table.add_row(x.corpus, x.figure, *values, str(x.rows))
    return table


def _faithfulness_table(found: dict[Label, Faithfulness]) -> Table:
    table = Table(
        "label", "posts", "reason wins", "ties", "fall", "fall of a random span"
    )
    for label, x in found.items():
        shares = (f"{100 * x.wins:.1f} %", f"{100 * x.ties:.1f} %")
        falls = (f"{x.fall:.3f}", f"{x.fall_random:.3f}")
        table.add_row(label, str(x.posts), *shares, *falls)
    return table
