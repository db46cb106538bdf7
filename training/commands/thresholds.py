"""``kiemtin thresholds``: what other thresholds would do, before anybody has them."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kiemtin.bundles import COMPACT
from kiemtin.commands.output import guarded_output
from training.commands.places import PREPARED, log_to_stderr

if TYPE_CHECKING:
    from training.calibrating.dry_run import DryRun


class Rule(StrEnum):
    """How a threshold for review is chosen."""

    F1 = "f1"
    PRECISION = "precision"
    BUDGET = "budget"
    COST = "cost"


def thresholds(  # noqa: PLR0913 - each is an option of the command line
    bundle: Annotated[
        Path, typer.Argument(metavar="[DIR]", show_default="the embedded bundle")
    ] = COMPACT,
    *,
    data: Annotated[
        Path, typer.Option(help="What `kiemtin data prepare` made.")
    ] = PREPARED,
    rule: Annotated[
        Rule | None,
        typer.Option(help="How to choose; without it, every way beside the others."),
    ] = None,
    precision: Annotated[
        float | None,
        typer.Option(min=0, max=1, help="By precision: the least part that is right."),
    ] = None,
    budget: Annotated[
        float | None,
        typer.Option(
            min=0, max=1, help="By budget: the largest share a label may queue."
        ),
    ] = None,
    missed_cost: Annotated[
        float | None,
        typer.Option(
            min=0, help="By cost: what a missed post costs, in posts read for nothing."
        ),
    ] = None,
    posts_a_day: Annotated[
        float, typer.Option(min=0, help="How many posts come in a day.")
    ] = 10_000,
    traffic: Annotated[
        Path | None,
        typer.Option(help="Posts of yours, to count shares on: .jsonl, or one a line."),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="A JSON object instead of a table.")
    ] = False,
    write: Annotated[
        Path | None,
        typer.Option(help="Write a new bundle with the thresholds of --rule."),
    ] = None,
) -> None:
    """Show what other thresholds of a bundle would queue, find and flag wrongly."""
    from rich.console import Console

    from training.calibrating.dry_run import dry_run
    from training.calibrating.tables import WIDTH, print_dry_run

    if write and not rule:
        msg = "--write needs --rule, to know which thresholds to write"
        raise typer.BadParameter(msg)
    if write and write.exists():
        msg = f"{write} is there already, and nothing is overwritten"
        raise typer.BadParameter(msg)
    log_to_stderr()
    asked = {"precision": precision, "budget": budget, "missed_cost": missed_cost}
    found = dry_run(
        bundle,
        data=data,
        rule=rule.value if rule else None,
        changes={k: v for k, v in asked.items() if v is not None},
        posts_a_day=posts_a_day,
        traffic=traffic,
    )
    with guarded_output():
        if as_json:
            typer.echo(found.model_dump_json(indent=2))
        else:
            width = max(Console().width, WIDTH)
            print_dry_run(found, Console(highlight=False, width=width))
    if write:
        _write(found, bundle, write)


def _write(found: "DryRun", bundle: Path, out: Path) -> None:
    from training.calibrating.rewriting import write_with

    chosen = found.choices[-1]
    why = (
        f"They were chosen anew by the rule {chosen.name}, on the dev rows of the "
        f"prepared set {found.data_digest}."
    )
    version = write_with(chosen.thresholds, bundle, out, why=why)
    typer.echo(f"the bundle with policy {version} is in {out}", err=True)
