"""The ``kiemtin`` command, put together from what is installed."""

import sys
from collections.abc import Callable, Iterable, Sequence
from importlib.metadata import EntryPoint, entry_points, version
from typing import Annotated, NoReturn

import typer

from kiemtin.errors import ExtraMissingError, KiemtinError

GROUP = "kiemtin.commands"
"""The entry points that become subcommands."""

_OURS = frozenset({"kiemtin", "serving", "training"})


def main(argv: Sequence[str] | None = None) -> NoReturn:
    """Run the command line; an error of ours ends in one line and status 2."""
    argv = sys.argv[1:] if argv is None else argv
    found = entry_points(group=GROUP)
    try:
        build_app(found)(argv, prog_name="kiemtin")
    except KiemtinError as e:
        _refuse(e)
    except ModuleNotFoundError as e:
        if (e.name or "").partition(".")[0] in _OURS:
            raise
        _refuse(_extra_missing(next(p for p in found if p.name in argv), e))
    except KeyboardInterrupt:
        sys.exit(130)
    sys.exit(0)


def build_app(found: Iterable[EntryPoint]) -> typer.Typer:
    """Return the application with a subcommand for each entry point."""
    app = typer.Typer(
        help="Reads Vietnamese posts and says which a moderator should look at.",
        add_completion=False,
        no_args_is_help=True,
        # A pretty traceback shows the values of variables, posts among them.
        pretty_exceptions_enable=False,
    )
    app.callback()(_root)
    for point in sorted(found, key=lambda p: p.name):
        _add(app, point)
    return app


def _root(
    *,
    version: Annotated[
        bool,
        typer.Option(
            "--version",
            help="Print the version and end.",
            is_eager=True,
            callback=lambda wanted: _print_version() if wanted else None,
        ),
    ] = False,
) -> None: ...


def _print_version() -> NoReturn:
    typer.echo(f"kiemtin {version('kiemtin')}")
    raise typer.Exit


def _add(app: typer.Typer, point: EntryPoint) -> None:
    try:
        command = point.load()
    except ImportError as e:
        app.command(
            point.name,
            help=f"Not installed: it needs the {_extra(point)} extra.",
            add_help_option=False,
            context_settings={"allow_extra_args": True, "ignore_unknown_options": True},
        )(_stand_in(_extra_missing(point, e)))
        return
    if isinstance(command, typer.Typer):
        app.add_typer(command, name=point.name)
    else:
        app.command(point.name)(command)


def _stand_in(error: ExtraMissingError) -> Callable[[], None]:
    def refuse() -> None:
        raise error

    return refuse


def _extra(point: EntryPoint) -> str:
    """Return the extra that *point* needs: a folder is an extra."""
    return point.module.partition(".")[0]


def _extra_missing(point: EntryPoint, error: ImportError) -> ExtraMissingError:
    extra = _extra(point)
    return ExtraMissingError(
        f"{point.name} needs {error.name}, which comes with the {extra} extra: "
        f"in the checkout, pip install '.[{extra}]'"
    )


def _refuse(error: KiemtinError) -> NoReturn:
    typer.echo(f"kiemtin: {error.code}: {error}", err=True)
    sys.exit(2)


if __name__ == "__main__":
    main()
