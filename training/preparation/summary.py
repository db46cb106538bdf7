"""What was prepared, as a table for people."""

from rich.console import Console
from rich.table import Table

from training.preparation.manifest import Manifest
from training.splits import Split

_SPLITS = (Split.TRAIN, Split.DEV, Split.TEST, Split.HELD_OUT)


def print_summary(manifest: Manifest, console: Console) -> None:
    """Print how many rows of each corpus are in each split, and what is not, and why."""
    table = Table("corpus", title="rows", title_justify="left")
    for name in (*_SPLITS, "protected", "set aside"):
        table.add_column(str(name), justify="right")
    for corpus in manifest.rules.corpora:
        counts = [manifest.rows[s].get(corpus, 0) for s in _SPLITS]
        protected = sum(
            manifest.rows[s].get(corpus, 0)
            for s in (Split.PROTECTED_DEV, Split.PROTECTED_TEST)
        )
        aside = sum(manifest.set_aside.get(corpus, {}).values())
        table.add_row(corpus, *map(_number, (*counts, protected, aside)))
    console.print(table)
    for name, why in (
        ("held out", manifest.left_out),
        ("set aside", manifest.set_aside),
    ):
        for corpus, reasons in why.items():
            told = "; ".join(f"{n:,} {reason}" for reason, n in reasons.items())
            console.print(f"{name}, {corpus}: {told}", markup=False)
    for corpus, where in manifest.missing.items():
        console.print(f"not there, {corpus}: {where}", markup=False)


def _number(n: int) -> str:
    return f"{n:,}" if n else "-"
