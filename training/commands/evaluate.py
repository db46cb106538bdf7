"""``kiemtin evaluate``: what a bundle does on prepared rows."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kiemtin.bundles import COMPACT
from kiemtin.commands.output import guarded_output
from training.commands.places import PREPARED, RUNS, log_to_stderr

if TYPE_CHECKING:
    from training.splits import Split

FLOOR = Path("interim/floor")
"""Where the scores of the linear model are kept, beside the prepared set."""


def evaluate(  # noqa: PLR0913 - each is an option
    bundle: Annotated[
        Path, typer.Argument(metavar="[DIR]", show_default="the embedded bundle")
    ] = COMPACT,
    *,
    data: Annotated[
        Path, typer.Option(help="What `kiemtin data prepare` made.")
    ] = PREPARED,
    split: Annotated[
        str, typer.Option(help="dev to choose by, test to report, or both.")
    ] = "both",
    corpus: Annotated[
        list[str] | None,
        typer.Option(help="Whose rows; by default those of the bundle's recipe."),
    ] = None,
    perturb: Annotated[
        bool, typer.Option("--perturb", help="Measure the usual perturbed copies, too.")
    ] = False,
    perturbation: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="Measure copies changed by this one."),
    ] = None,
    reasons: Annotated[
        bool, typer.Option("--reasons", help="Run the deletion test of reasons.")
    ] = False,
    floor: Annotated[
        bool, typer.Option(help="Hold it against a linear model of words.")
    ] = True,
    against: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Hold it against another bundle, too."),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            help="Where the report goes.",
            show_default="runs/evaluations/NAME-VERSION",
        ),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="The report as JSON instead of tables.")
    ] = False,
) -> None:
    """
    Measure a bundle on prepared rows, clean or written otherwise.

    Writes report.json for programs and index.html for people, which holds no post of
    the corpora, and prints tables.
    """
    splits, more = _splits(split), _known(perturbation or [])

    from rich.console import Console

    from training.evaluation.examination import Wanted, write_report
    from training.evaluation.examination import evaluate as run
    from training.evaluation.printing import print_report
    from training.evaluation.robustness import EXAMINED

    usual = EXAMINED if perturb else ()
    wanted = Wanted(
        splits=splits,
        corpora=tuple(corpus or ()),
        perturbations=tuple(dict.fromkeys((*usual, *more))),
        reasons=reasons,
        floor=data.parent / FLOOR if floor else None,
        against=against,
    )
    log_to_stderr()
    report, scores = run(bundle, data, wanted)
    name = f"{report.name}-{report.version}"
    page = write_report(report, scores, out or RUNS / "evaluations" / name)
    with guarded_output():
        if as_json:
            typer.echo(report.model_dump_json(indent=2))
        else:
            print_report(report, Console(highlight=False))
            typer.echo(f"open {page}")


def _splits(name: str) -> "tuple[Split, ...]":
    from training.splits import Split

    known: dict[str, tuple[Split, ...]] = {"dev": (Split.DEV,), "test": (Split.TEST,)}
    known["both"] = (Split.DEV, Split.TEST)
    if name not in known:
        msg = f"{name!r} is not dev, test or both"
        raise typer.BadParameter(msg)
    return known[name]


def _known(names: list[str]) -> list[str]:
    from training.perturb import PERTURBATIONS

    if unknown := [n for n in names if n not in PERTURBATIONS]:
        msg = f"no perturbation {unknown[0]!r}; there are {', '.join(PERTURBATIONS)}"
        raise typer.BadParameter(msg)
    return names
