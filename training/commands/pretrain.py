"""``kiemtin pretrain``: an encoder from raw text."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from training.commands.places import ENCODERS, PREPARED, RAW, STORE, log_to_stderr

if TYPE_CHECKING:
    from training.pretraining.recipe import PretrainRecipe
    from training.pretraining.trainer import Report

app = typer.Typer(
    help="Pretrain an encoder on raw text; goes on where it was stopped.",
    invoke_without_command=True,
)

STAGES = ("tokenizer", "shards", "train", "pieces")


@app.callback()
def pretrain(  # noqa: PLR0913, PLR0917 -- every option is an argument to typer
    ctx: typer.Context,
    recipe: Annotated[
        str | None, typer.Option(help="One of ours, or a TOML file.")
    ] = None,
    corpora: Annotated[
        Path, typer.Option(help="A folder with the .jsonl.xz files of the recipe.")
    ] = RAW / "corpora",
    data: Annotated[
        Path, typer.Option(help="What `kiemtin data prepare` made.")
    ] = PREPARED,
    out: Annotated[
        Path | None, typer.Option(help="By default data/interim/RECIPE.")
    ] = None,
    start: Annotated[
        str | None,
        typer.Option(
            help="A checkpoint or a bundle to go on from; by default the recipe's own."
        ),
    ] = None,
    minutes: Annotated[
        float | None,
        typer.Option(help="Of training, over all sessions and with the decay."),
    ] = None,
    session_minutes: Annotated[
        float | None,
        typer.Option(help="After so many stop at a checkpoint, to go on later."),
    ] = None,
    only: Annotated[
        list[str] | None,
        typer.Option(help=f"Of {', '.join(STAGES)}; may be given several times."),
    ] = None,
    *,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Rehearse all of it on a little text.")
    ] = False,
    store: Annotated[
        str, typer.Option(help="Where MLflow keeps the run; empty for nowhere.")
    ] = STORE,
) -> None:
    """Pretrain an encoder on raw text; goes on where it was stopped."""
    if ctx.invoked_subcommand:
        return
    if not recipe:
        msg = "--recipe is missing"
        raise typer.BadParameter(msg)
    if unknown := set(only or ()) - set(STAGES):
        msg = f"{min(unknown)!r} is none of {', '.join(STAGES)}"
        raise typer.BadParameter(msg)
    from training.pretraining.rehearsal import rehearse
    from training.pretraining.run import pretrain as run

    log_to_stderr()
    resolved = _resolved(recipe, start, minutes)
    out = out or ENCODERS / Path(recipe).stem
    if dry_run:
        out = out.with_name(f"{out.name}-rehearsal")
    origin = _origin(resolved, out)
    if dry_run:
        rehearse(resolved, corpora, out, prepared=data, start=origin)
        typer.echo(f"all of it works; what it made is in {out}")
        return
    with _tracked(resolved, recipe, store) as report:
        run(
            resolved,
            corpora,
            out,
            prepared=data,
            start=origin,
            stages=only or STAGES,
            session_minutes=session_minutes,
            report=report,
        )
    is_there = (out / "model.safetensors").exists()
    said = "the encoder is in" if is_there else "the same command will go on in"
    typer.echo(f"{said} {out}")


@app.command()
def join(
    folder: Annotated[Path, typer.Argument(help="A folder with pieces.json.")],
    out: Annotated[Path, typer.Option(help="The folder of the encoder.")],
) -> None:
    """Join the pieces of an encoder's weights, after a look at their checksums."""
    from training.pretraining.pieces import join_encoder

    typer.echo(f"the encoder is in {join_encoder(folder, out)}")


def _resolved(name: str, start: str | None, minutes: float | None) -> "PretrainRecipe":
    from training.pretraining.recipe import PretrainRecipe
    from training.recipes import parse_recipe, read_values

    values = read_values(name)
    if start:
        values["start"] = start
    if minutes:
        values.setdefault("masked_lm", {})["minutes"] = minutes
    return parse_recipe(values, PretrainRecipe, name=name)


def _origin(recipe: "PretrainRecipe", out: Path) -> Path | None:
    """Return the checkpoint that *recipe* starts from, out of its bundle if need be."""
    from kiemtin.manifest import MANIFEST_FILE
    from training.finetuning.unpacking import unpack_encoder

    if recipe.start is None:
        return None
    found = Path(recipe.start)
    is_bundle = (found / MANIFEST_FILE).exists()
    return unpack_encoder(found, out / "start") if is_bundle else found


@contextmanager
def _tracked(recipe: "PretrainRecipe", name: str, store: str) -> Iterator["Report"]:
    """Yield what tells MLflow the figures of the run; nobody, without a store."""
    if not store:
        yield lambda *_: None
        return
    from training.tracking.runs import tracked_run

    with tracked_run(Path(name).stem, store=store) as tracker:
        tracker.params(recipe.model_dump(mode="json"))
        yield lambda step, figures: tracker.metrics(figures, step=step)
