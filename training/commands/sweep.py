"""``kiemtin sweep``: variants of a recipe, compared on dev."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kiemtin.commands.output import guarded_output
from training.commands.places import ENCODERS, PREPARED, RUNS, STORE, log_to_stderr

if TYPE_CHECKING:
    from training.sweep.summary import Summary


def sweep(
    sweep: Annotated[
        str, typer.Argument(help="One of ours, such as mitigation, or a TOML file.")
    ],
    *,
    data: Annotated[
        Path, typer.Option(help="What `kiemtin data prepare` made.")
    ] = PREPARED,
    encoder: Annotated[
        str | None,
        typer.Option(
            help="A RoBERTa-like checkpoint, a bundle to go on from, or a model of the "
            "hub; by default each recipe's own."
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(help="Bundles and summary; by default runs/sweeps/NAME."),
    ] = None,
    store: Annotated[str, typer.Option(help="Where MLflow keeps the runs.")] = STORE,
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Train what is there or begun, too.")
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="A JSON object instead of a table.")
    ] = False,
) -> None:
    """
    Train variants of a recipe and say which one its rule chooses.

    Measures on the dev split and on the dev half of protected speech, never on test.
    Goes on where it was stopped: a variant whose bundle is there is not trained again.
    """
    import shutil

    from training.finetuning.encoders import resolve_encoder
    from training.sweep.recipe import load_sweep
    from training.sweep.run import run_sweep
    from training.train import train, work_of

    log_to_stderr()
    resolved = load_sweep(sweep)
    target = out or RUNS / "sweeps" / resolved.name
    if fresh:
        for variant in resolved.variants:
            shutil.rmtree(work_of(target / variant.name), ignore_errors=True)
    summary = run_sweep(
        resolved,
        train=train,
        data=data,
        encoder_of=lambda x: resolve_encoder(encoder or x.encoder, x, ENCODERS),
        out=target,
        store=store,
        fresh=fresh,
    )
    with guarded_output():
        if as_json:
            typer.echo(summary.model_dump_json(indent=2))
        else:
            _print(summary)


def _print(summary: "Summary") -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(*summary.header())
    for line in summary.lines():
        table.add_row(*line)
    console = Console(highlight=False)
    console.print(table)
    console.print(summary.meaning())
