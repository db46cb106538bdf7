"""A dry run of thresholds, for people."""

from rich import box
from rich.console import Console
from rich.table import Table

from kiemtin.labels import Label
from kiemtin.manifest import Thresholds
from training.calibrating.dry_run import DryRun
from training.calibrating.outcome import Outcome
from training.evaluation.metrics import Figure

WIDTH = 130
"""Columns of a terminal that the table needs."""

_HEADINGS = (
    "thresholds",
    "a day",
    "precision",
    "recall",
    "protected",
    "benign",
    "ratio",
    "unsure",
    "missed",
    "urgent",
)


def print_dry_run(found: DryRun, console: Console) -> None:
    """Print *found* as a table, label by label, and then for any label."""
    table = Table(box=box.SIMPLE, pad_edge=False, padding=(0, 1, 0, 0))
    for heading in ("label", "chosen by"):
        table.add_column(heading, no_wrap=True)
    for heading in _HEADINGS:
        table.add_column(heading, justify="right", no_wrap=True)
    for label in Label:
        for i, choice in enumerate(found.choices):
            outcome = choice.labels[label]
            spelled = _spelled(choice.thresholds[label])
            table.add_row(
                "" if i else str(label), choice.name, spelled, *_cells(outcome)
            )
        table.add_section()
    for i, choice in enumerate(found.choices):
        table.add_row("" if i else "any label", choice.name, "", *_cells(choice.any))
    console.print(table)
    _print_notes(found, console)


def _print_notes(found: DryRun, console: Console) -> None:
    asked, posts = found.asked, f"{found.dev_rows} dev rows"
    if found.traffic_posts is not None:
        posts = f"{found.traffic_posts} posts of yours"
    if found.traffic_refused:
        posts += f" ({found.traffic_refused} lines could not be scored)"
    console.print(
        f"Of {found.posts_a_day:.0f} posts a day, by the shares of {posts}. Missed: of "
        "the dev rows that are neither flagged nor unsure, those that carry the "
        f"label. Protected: of {found.protected_rows} rows of protected speech. Benign: "
        f"of {found.benign_rows} dev rows of which every answer is no. In brackets: "
        "95 % intervals. Thresholds: abstain, review, urgent; figures behind them: per cent."
    )
    console.print(
        f"Asked: of protected speech all labels together flag at most "
        f"{100 * asked['protected_flagged']:g} %, and at most "
        f"{asked['protected_ratio']:g} times the share of benign rows, with room for "
        "rows not seen."
    )
    for notice in found.notices:
        console.print(notice)


def _spelled(x: Thresholds) -> str:
    abstain = "    -" if x.abstain is None else f"{x.abstain:.3f}"
    return f"{abstain} {x.review:.3f} {x.review_urgent:.3f}"


def _cells(x: Outcome) -> list[str]:
    return [
        f"{x.a_day:.0f}",
        _percent(x.precision),
        _percent(x.recall),
        _percent(x.protected),
        f"{100 * x.benign:.1f}",
        "-" if x.ratio is None else f"{x.ratio:.2f}",
        f"{100 * x.undecided:.1f}",
        "-" if x.cleared_wrongly is None else f"{100 * x.cleared_wrongly.value:.1f}",
        f"{100 * x.urgent:.1f}",
    ]


def _percent(x: Figure | None) -> str:
    if x is None:
        return "-"
    return f"{100 * x.value:.0f} ({100 * x.low:.0f}-{100 * x.high:.0f})"
