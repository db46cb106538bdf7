"""``kiemtin export``: a bundle in another variant, from what training kept."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kiemtin.commands.output import guarded_output
from training.commands.places import PREPARED, log_to_stderr

if TYPE_CHECKING:
    from training.exporting.variants import ExportRecord


class Variant(StrEnum):
    """How a graph keeps its weights."""

    INT8 = "int8"
    FP16 = "fp16"
    FP32 = "fp32"


def export(
    source: Annotated[
        Path,
        typer.Argument(
            metavar="DIR", help="runs/.NAME.work/network of a run, or a bundle."
        ),
    ],
    out: Annotated[Path, typer.Option(help="The bundle.")],
    *,
    variant: Annotated[
        Variant | None,
        typer.Option(help="How it keeps its weights.", show_default="the recipe's"),
    ] = None,
    data: Annotated[
        Path, typer.Option(help="What `kiemtin data prepare` made.")
    ] = PREPARED,
    as_json: Annotated[
        bool, typer.Option("--json", help="What was tried, as a JSON object.")
    ] = False,
) -> None:
    """
    Make a bundle of what a run kept, or of another bundle, without training again.

    The graph is held against fp32 on the dev rows, and refused if it loses more than the
    recipe allows. The bundle is measured and proven before it takes the place of OUT.
    """
    from training.exporting.drafting import export as run

    log_to_stderr()
    record = run(source, out, data=data, variant=variant.value if variant else None)
    with guarded_output():
        if as_json:
            typer.echo(record.model_dump_json(indent=2))
        else:
            _print(record)
            typer.echo(f"the bundle is in {out}")


def _print(record: "ExportRecord") -> None:
    from rich.console import Console

    from training.exporting.tables import attempts_table

    Console(highlight=False).print(attempts_table(record))
