"""``kiemtin bundle``: look at a model bundle, prove it, bring it elsewhere."""

from pathlib import Path
from time import perf_counter
from typing import Annotated

import typer

from kiemtin.bundles import COMPACT
from kiemtin.commands.pull import pull

Folder = Annotated[
    Path,
    typer.Argument(metavar="[DIR]", show_default="the embedded bundle"),
]

app = typer.Typer(
    help="Look at a model bundle, prove it, bring it elsewhere.", no_args_is_help=True
)
app.command()(pull)


@app.command()
def check(folder: Folder = COMPACT) -> None:
    """
    Verify every file of a bundle, load it and score its golden texts.

    Ends with status 0 if all of that holds, with 2 and the reason if not.
    """
    # ONNX Runtime loads when something is scored, not for --help.
    from kiemtin.goldens import check_goldens, read_goldens
    from kiemtin.scoring import Scorer

    began = perf_counter()
    scorer = Scorer.load(folder)
    model = scorer.model
    typer.echo(f"{model.name} {model.version} {model.digest}")
    typer.echo(
        f"{len(scorer.manifest.files)} files match their checksums, no file is foreign"
    )
    typer.echo(f"loaded in {perf_counter() - began:.2f} s")
    goldens = read_goldens(folder)
    worst = check_goldens(scorer, goldens)
    allowed = scorer.manifest.golden_tolerance
    typer.echo(
        f"{len(goldens)} golden texts score as when exported: "
        f"at most {worst:.4f} apart, {allowed} are allowed"
    )


@app.command()
def info(
    folder: Folder = COMPACT,
    *,
    as_json: Annotated[
        bool, typer.Option("--json", help="One JSON object instead of tables.")
    ] = False,
) -> None:
    """Say what a bundle is: its labels, thresholds, window, files and figures."""
    from kiemtin.commands.facts import print_facts, read_facts

    facts = read_facts(folder)
    if as_json:
        typer.echo(facts.model_dump_json(indent=2))
    else:
        print_facts(facts)
