"""``kiemtin audit``: whether the log of who did what is whole."""

from contextlib import closing
from typing import TYPE_CHECKING, Annotated

import typer

from kiemtin.commands.output import guarded_output

if TYPE_CHECKING:
    from serving.review.chain import Head

Url = Annotated[
    str | None,
    typer.Option(
        "--database-url",
        help="The service's database.",
        show_default="KIEMTIN_DATABASE_URL",
    ),
]

app = typer.Typer(help="The log of who did what.", no_args_is_help=True)


@app.callback()
def _several() -> None:
    """Let ``verify`` be a command of its own, though it is the only one."""


@app.command()
def verify(
    expect: Annotated[
        str | None,
        typer.Option(
            metavar="POSITION:DIGEST",
            help="What an earlier run printed: finds also what was cut off at the end.",
        ),
    ] = None,
    database_url: Url = None,
) -> None:
    """
    Look at every row, and end with status 2 at the first that is not as it was.

    The end of the log goes to standard output: keep it elsewhere, for --expect.
    """
    from serving.db import Audit, Database
    from serving.environment import read_settings
    from serving.review.chain import verify as verify_chain

    expected = _head(expect) if expect else None
    settings = read_settings(database_url=database_url)
    with closing(Database(settings.database_url)) as database:
        database.check()
        with database.session() as session:
            head = verify_chain(Audit(session).all(), expected)
    typer.echo(f"{head.position} rows, each as it was written", err=True)
    with guarded_output():
        typer.echo(head)


def _head(text: str) -> "Head":
    from serving.review.chain import Head

    try:
        return Head.read(text)
    except ValueError as e:
        raise typer.BadParameter(str(e), param_hint="--expect") from None
