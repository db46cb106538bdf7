"""``kiemtin bundle pull``: bring a bundle to where a service finds it."""

import signal
import time
from pathlib import Path
from typing import Annotated

import typer

from kiemtin.errors import ExtraMissingError, KiemtinError


def pull(
    source: Annotated[
        str,
        typer.Argument(
            metavar="SOURCE",
            help="The folder of a bundle, or models:/kiemtin@champion, or "
            "models:/kiemtin/3, in MLflow.",
        ),
    ],
    into: Annotated[
        Path,
        typer.Option(help="The service's KIEMTIN_MODELS; made if it is not there."),
    ],
    *,
    activate: Annotated[
        bool,
        typer.Option(
            "--activate", help="Let services that watch the folder score by it."
        ),
    ] = False,
    every: Annotated[
        float | None,
        typer.Option(
            min=1, metavar="SECONDS", help="Look again and again, until stopped."
        ),
    ] = None,
    store: Annotated[
        str, typer.Option(help="Where MLflow keeps the models.")
    ] = "sqlite:///mlruns/mlflow.db",
) -> None:
    """
    Copy a bundle into a folder of models, once it has proven itself.

    It is copied aside, its files and golden texts are checked, and it is renamed into
    place; the same one again changes nothing. Standard output gets its folder. One that
    does not prove itself is refused with status 2 and leaves nothing behind; with
    --every that is said once, and the next one may be better.
    """
    if every is None:
        _pull_once(source, into, activate=activate, store=store)
        return
    signal.signal(signal.SIGTERM, _stop)
    said = ""
    while True:
        try:
            said = _pull_once(source, into, activate=activate, store=store, said=said)
        except ExtraMissingError:
            raise
        except KiemtinError as e:
            problem = f"kiemtin: {e.code}: {e}"
            if problem != said:
                typer.echo(problem, err=True)
            said = problem
        time.sleep(every)


def _pull_once(
    source: str, into: Path, *, activate: bool, store: str, said: str = ""
) -> str:
    """Pull what *source* stands for now, and return what was said of it."""
    from kiemtin.commands.pulling import name_active, pull_bundle
    from kiemtin.commands.sources import open_source

    pulled = pull_bundle(open_source(source, store), into)
    folder = str(pulled.folder)
    if folder != said:
        typer.echo("pulled" if pulled.is_new else "it is there already", err=True)
        typer.echo(folder)
    if activate and name_active(pulled.folder):
        typer.echo("it is to score from now on", err=True)
    return folder


def _stop(number: int, frame: object) -> None:
    raise SystemExit(0)
