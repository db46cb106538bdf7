"""``kiemtin score``: score posts, a line each."""

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from kiemtin.bundles import COMPACT


class Format(StrEnum):
    """How replies are printed."""

    AUTO = "auto"
    JSON = "json"
    TABLE = "table"


def score(
    file: Annotated[
        str, typer.Argument(metavar="FILE|-", help="Posts, a line each; - reads stdin.")
    ],
    *,
    plain: Annotated[
        bool, typer.Option("--plain", help="A line is a post, not a JSON object.")
    ] = False,
    form: Annotated[
        Format,
        typer.Option("--format", help="auto: a table on a terminal, JSON elsewhere."),
    ] = Format.AUTO,
    reasons: Annotated[
        bool, typer.Option("--reasons", help="Say which words moved a score; slower.")
    ] = False,
    with_model: Annotated[
        bool, typer.Option("--with-model", help="Add model and policy to each line.")
    ] = False,
    batch_size: Annotated[
        int, typer.Option(min=1, max=4096, help="How many posts are scored at a time.")
    ] = 64,
    bundle: Annotated[
        Path,
        typer.Option(help="A model bundle.", show_default="the embedded one"),
    ] = COMPACT,
    processes: Annotated[
        int, typer.Option(min=0, help="How many cores are used; 0: all of them.")
    ] = 0,
) -> None:
    """
    Say which posts a moderator should look at, with which labels and why.

    FILE holds a JSON object with a text, and an id if it has one, on each line.
    Ends with status 1 if a line could not be scored, with 2 if none could be tried.
    """
    # ONNX Runtime loads when something is scored, not for --help.
    from kiemtin.commands.lines import open_posts
    from kiemtin.commands.parallel import Crew
    from kiemtin.commands.stream import Form, score_file
    from kiemtin.cores import n_cores

    table = form is Format.TABLE or (form is Format.AUTO and sys.stdout.isatty())
    with open_posts(file) as posts, Crew(bundle, processes or n_cores()) as crew:
        n_failed = score_file(
            crew, posts, Form(plain, table, reasons, with_model, batch_size)
        )
    if n_failed:
        raise typer.Exit(1)
