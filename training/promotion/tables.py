"""What the gate found and what the registry holds, as tables for people."""

from collections.abc import Sequence
from datetime import UTC, datetime

from rich.console import Console
from rich.table import Table
from rich.text import Text

from training.promotion.gate import Verdict
from training.tracking.history import Decision
from training.tracking.registry import Registered


def print_verdict(verdict: Verdict, console: Console) -> None:
    """Print what fails, then what holds; slices and cases that hold are only counted."""
    table = Table("check", "", "found")
    n_parts = 0
    for check in sorted(verdict.checks, key=lambda c: c.holds):
        if check.holds and " " in check.name.removeprefix("protected "):
            n_parts += 1
            continue
        table.add_row(check.name, "holds" if check.holds else "FAILS", check.says)
    console.print(table)
    if n_parts:
        console.print(f"{n_parts} slices and parts of the functional tests hold, too")


def print_versions(versions: Sequence[Registered], console: Console) -> None:
    """Print what there is, the newest first."""
    columns = ("version", "alias", "bundle", "state", "permission", "digest", "made")
    table = Table(*columns)
    for x in versions:
        made = datetime.fromtimestamp(x.created_ms / 1000, UTC)
        table.add_row(
            x.version,
            ", ".join(x.aliases),
            f"{x.name} {x.bundle_version}",
            x.state,
            x.permission,
            _short(x.digest),
            f"{made:%Y-%m-%d %H:%M}",
        )
    console.print(table)


def print_decisions(decisions: Sequence[Decision], console: Console) -> None:
    """Print what was decided, the newest first."""
    table = Table("when (UTC)", "decision", "version", "before", "by", "reason", "")
    for x in decisions:
        table.add_row(
            f"{x.when:%Y-%m-%d %H:%M}",
            x.kind,
            x.version,
            x.before or "-",
            # What people typed is shown, never read as markup.
            Text(x.by),
            Text(x.reason),
            "" if x.outcome == "done" else x.outcome,
        )
    console.print(table)


def _short(digest: str) -> str:
    return digest.removeprefix("sha256:")[:12]
