"""The commands of data scientists: pretrain, train. Torch loads when one runs."""

from pathlib import Path
from typing import Annotated

import typer

ENCODERS = Path("data/interim")
DEFAULT_STORE = "sqlite:///mlruns/mlflow.db"


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

    resolved = load_recipe(recipe, TrainRecipe)
    folder = run(
        resolved,
        data=data,
        encoder=encoder or ENCODERS / resolved.encoder,
        out=out or Path("runs") / Path(recipe).stem,
        store=store,
    )
    typer.echo(f"the bundle is in {folder}")
