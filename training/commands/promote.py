"""``kiemtin promote``, ``rollback`` and ``models``: who is champion, and why."""

import getpass
import json
import subprocess
from pathlib import Path
from typing import Annotated

import typer

from kiemtin.commands.output import guarded_output
from training.commands.places import ENCODERS, PREPARED, STORE, log_to_stderr

Store = Annotated[str, typer.Option(help="Where MLflow keeps the models.")]
Reason = Annotated[str, typer.Option(help="Why, for those who come after.")]
By = Annotated[
    str | None,
    typer.Option(help="Who decides.", show_default="git's user.name, or the login"),
]
AsJson = Annotated[
    bool, typer.Option("--json", help="A JSON object instead of tables.")
]


def promote(
    reason: Reason,
    *,
    challenger: Annotated[
        str, typer.Option(help="The number of a version, or an alias.")
    ] = "challenger",
    data: Annotated[
        Path, typer.Option(help="What `kiemtin data prepare` made.")
    ] = PREPARED,
    store: Store = STORE,
    by: By = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Judge, and change nothing.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """
    Make a registered bundle the champion, if it passes the gate.

    It is measured beside the present champion on the test split and on the test half of
    protected speech. Ends with status 2 and every reason if it does not pass.
    """
    from rich.console import Console

    from training.promotion.run import decide, examine
    from training.promotion.tables import print_verdict
    from training.tracking.registry import Registry

    log_to_stderr()
    registry = Registry.at(store)
    examined = examine(
        challenger, data=data, floors=ENCODERS / "floor", registry=registry
    )
    with guarded_output():
        if as_json:
            typer.echo(_dumped(examined.document()))
        else:
            print_verdict(examined.verdict, Console(highlight=False))
    if dry_run:
        examined.verdict.require()
        return
    done = decide(examined, reason=reason, by=by or _who(), registry=registry)
    typer.echo(f"version {done.version} is champion", err=as_json)


def rollback(reason: Reason, *, store: Store = STORE, by: By = None) -> None:
    """Make the former champion champion again, once it has proven itself."""
    from training.promotion.run import rollback as run
    from training.tracking.registry import Registry

    log_to_stderr()
    done = run(reason=reason, by=by or _who(), registry=Registry.at(store))
    typer.echo(f"version {done.version} is champion, instead of {done.before}")


def models(*, store: Store = STORE, as_json: AsJson = False) -> None:
    """List the registered bundles, and who was made champion when, by whom and why."""
    from rich.console import Console

    from training.promotion.tables import print_decisions, print_versions
    from training.tracking.history import History
    from training.tracking.registry import Registry

    log_to_stderr()
    registry = Registry.at(store)
    versions, decisions = registry.versions(), History(registry.client).decisions()
    with guarded_output():
        if as_json:
            found = {
                "versions": [x.model_dump(mode="json") for x in versions],
                "decisions": [x.model_dump(mode="json") for x in decisions],
            }
            typer.echo(_dumped(found))
        else:
            console = Console(highlight=False)
            print_versions(versions, console)
            print_decisions(decisions, console)


def _dumped(content: object) -> str:
    return json.dumps(content, ensure_ascii=False, indent=2)


def _who() -> str:
    command = ["git", "config", "user.name"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603  # git, and nothing that anyone typed
    except (OSError, subprocess.CalledProcessError):
        return getpass.getuser()
    return done.stdout.strip() or getpass.getuser()
