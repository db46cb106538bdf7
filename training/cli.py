"""The commands of data scientists: pretrain, train, evaluate. Torch loads when one runs."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from kiemtin.bundles import COMPACT
from kiemtin.commands.output import guarded_output

ENCODERS = Path("data/interim")
DEFAULT_STORE = "sqlite:///mlruns/mlflow.db"


def log_to_stderr() -> None:
    """Keep standard output for what a command was asked for."""
    from kiemtin.logs import configure_logs

    configure_logs(json=not sys.stderr.isatty())


def pretrain(
    recipe: Annotated[str, typer.Option(help="One of ours, or a TOML file.")],
    corpora: Annotated[
        Path, typer.Option(help="A folder with the .jsonl.xz files of the recipe.")
    ] = Path("data/raw/corpora"),
    out: Annotated[
        Path | None, typer.Option(help="By default data/interim/RECIPE.")
    ] = None,
) -> None:
    """Pretrain a compact encoder on raw text; goes on where it was stopped."""
    from training.pretraining.run import pretrain as run
    from training.recipe import PretrainRecipe, load_recipe

    log_to_stderr()
    resolved = load_recipe(recipe, PretrainRecipe)
    folder = run(resolved, corpora, out or ENCODERS / Path(recipe).stem)
    typer.echo(f"the encoder is in {folder}")


def train(
    recipe: Annotated[str, typer.Option(help="One of ours, or a TOML file.")],
    data: Annotated[
        Path, typer.Option(help="What `kiemtin data prepare` made.")
    ] = Path("data/processed"),
    encoder: Annotated[
        Path | None,
        typer.Option(
            help="A RoBERTa-like checkpoint, or a bundle to go on from; "
            "by default the recipe's own."
        ),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="The bundle; by default runs/RECIPE.")
    ] = None,
    store: Annotated[
        str, typer.Option(help="Where MLflow keeps the run.")
    ] = DEFAULT_STORE,
) -> None:
    """Fine-tune, calibrate, export, measure and prove a bundle."""
    from training.recipe import TrainRecipe, load_recipe
    from training.train import train as run

    log_to_stderr()
    resolved = load_recipe(recipe, TrainRecipe)
    folder = run(
        resolved,
        data=data,
        encoder=encoder or ENCODERS / resolved.encoder,
        out=out or Path("runs") / Path(recipe).stem,
        store=store,
    )
    typer.echo(f"the bundle is in {folder}")


def evaluate(
    bundle: Annotated[
        Path, typer.Argument(metavar="[DIR]", show_default="the embedded bundle")
    ] = COMPACT,
    *,
    data: Annotated[
        Path, typer.Option(help="What `kiemtin data prepare` made.")
    ] = Path("data/processed"),
    split: Annotated[
        str, typer.Option(help="dev to choose by, test to report.")
    ] = "dev",
    corpus: Annotated[
        list[str] | None,
        typer.Option(help="Whose rows; by default those of the bundle's recipe."),
    ] = None,
    perturb: Annotated[
        bool, typer.Option("--perturb", help="Measure perturbed copies, too.")
    ] = False,
    reasons: Annotated[
        bool, typer.Option("--reasons", help="Run the deletion test of reasons.")
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="A JSON object instead of tables.")
    ] = False,
) -> None:
    """Measure a bundle on prepared rows, clean or written otherwise."""
    from rich.console import Console

    from training.examination import evaluate as run
    from training.examination import print_examination
    from training.splits import Split

    if split not in {Split.DEV, Split.TEST}:
        msg = f"{split!r} is not dev or test"
        raise typer.BadParameter(msg)
    log_to_stderr()
    found = run(
        bundle,
        data=data,
        split=Split(split),
        corpora=tuple(corpus or ()),
        perturbed=perturb,
        reasons=reasons,
    )
    with guarded_output():
        if as_json:
            typer.echo(found.model_dump_json(indent=2))
        else:
            print_examination(found, Console(highlight=False))
