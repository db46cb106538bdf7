"""``kiemtin train``: a bundle from an encoder and labelled rows."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from training.commands.places import ENCODERS, PREPARED, RUNS, STORE, log_to_stderr

if TYPE_CHECKING:
    from training.recipes import TrainRecipe


def train(
    recipe: Annotated[str, typer.Option(help="One of ours, or a TOML file.")],
    *,
    data: Annotated[
        Path, typer.Option(help="What `kiemtin data prepare` made.")
    ] = PREPARED,
    encoder: Annotated[
        str | None,
        typer.Option(
            help="A RoBERTa-like checkpoint, a bundle to go on from, or a model of the "
            "hub; by default the recipe's own."
        ),
    ] = None,
    settings: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="KEY=VALUE",
            help="A key of the recipe as TOML, such as fine_tune.epochs=1; repeatable.",
        ),
    ] = None,
    fresh: Annotated[
        bool,
        typer.Option("--fresh", help="Begin anew where a run was stopped."),
    ] = False,
    register: Annotated[
        bool | None,
        typer.Option(
            help="Whether the bundle becomes the challenger; "
            "by default unless the recipe has max_rows."
        ),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="The bundle; by default runs/RECIPE.")
    ] = None,
    store: Annotated[str, typer.Option(help="Where MLflow keeps the run.")] = STORE,
) -> None:
    """
    Fine-tune, calibrate, export, measure and prove a bundle.

    Stopped at any time, the same command goes on from the last checkpoint.
    """
    import shutil

    from training.finetuning.encoders import resolve_encoder
    from training.train import train as run
    from training.train import work_of

    log_to_stderr()
    resolved = _resolved(recipe, settings or [])
    if encoder:
        resolved = resolved.model_copy(update={"encoder": encoder})
    target = out or RUNS / Path(recipe).stem
    if fresh:
        shutil.rmtree(work_of(target), ignore_errors=True)
    folder = run(
        resolved,
        data=data,
        encoder=resolve_encoder(resolved.encoder, resolved, ENCODERS),
        out=target,
        store=store,
        register=register,
    )
    typer.echo(f"the bundle is in {folder}")


def _resolved(name: str, settings: list[str]) -> "TrainRecipe":
    """Return the recipe called *name*, with keys set otherwise."""
    import tomllib

    from training.errors import RecipeError
    from training.recipes import TrainRecipe, merge, parse_recipe, read_values

    values = read_values(name)
    for setting in settings:
        try:
            values = merge(values, tomllib.loads(setting))
        except tomllib.TOMLDecodeError as e:
            msg = f"--set {setting} is not a key and a value of TOML, where text has quotes"
            raise RecipeError(msg) from e
    return parse_recipe(values, TrainRecipe, name=name)
