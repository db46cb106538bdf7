"""What a bundle says of itself, for people and for programs."""

import json
from pathlib import Path

from pydantic import BaseModel
from rich.console import Console
from rich.table import Table

from kiemtin.bundle import (
    FILES,
    MANIFEST_FILE,
    REPORT_FILE,
    Calibration,
    Segmenter,
    Thresholds,
    Window,
    bundle_digest,
    read_manifest,
)
from kiemtin.errors import BundleCorruptError
from kiemtin.labels import Label
from kiemtin.policy import SEVERITIES, Policy

HEADLINE = "headline"
"""The part of a report that is a flat object of figures."""


class LabelFacts(BaseModel):
    """What a bundle promises for one label."""

    thresholds: Thresholds
    calibration: Calibration
    pooling: str
    severity: int


class Facts(BaseModel):
    """What ``kiemtin bundle info --json`` prints."""

    name: str
    version: str
    digest: str
    normalizer_version: int
    segmenter: Segmenter
    window: Window
    rows_independent: bool
    golden_tolerance: float
    policy_version: str
    labels: dict[Label, LabelFacts]
    n_bytes: dict[str, int]
    headline: dict[str, float]


def read_facts(folder: Path) -> Facts:
    """
    Verify the bundle in *folder* and return what it says.

    Raises:
        BundleError: If it is not whole, or made for other code.
    """
    manifest = read_manifest(folder)
    return Facts(
        **manifest.model_dump(
            include={"name", "version", "normalizer_version", "rows_independent"}
        ),
        segmenter=manifest.segmenter,
        window=manifest.window,
        golden_tolerance=manifest.golden_tolerance,
        digest=bundle_digest(folder),
        policy_version=Policy.of(manifest).version,
        labels={
            x: LabelFacts(
                thresholds=manifest.thresholds[x],
                calibration=manifest.calibration[x],
                pooling=manifest.pooling[x],
                severity=SEVERITIES[x],
            )
            for x in manifest.labels
        },
        n_bytes={n: (folder / n).stat().st_size for n in (*FILES, MANIFEST_FILE)},
        headline=_headline(folder / REPORT_FILE),
    )


def print_facts(facts: Facts) -> None:
    """Print *facts* as tables."""
    console = Console(highlight=False)
    window = facts.window
    segmenter = f"{facts.segmenter.name} {facts.segmenter.version}".strip()
    about = {
        "name": facts.name,
        "version": facts.version,
        "digest": facts.digest,
        "normalizer": str(facts.normalizer_version),
        "segmenter": segmenter,
        "window": f"{window.tokens} tokens, {window.overlap} shared with the one "
        f"before, at most {window.most} windows",
        "policy": facts.policy_version,
    }
    _print_pairs(console, about)
    console.print(_label_table(facts))
    sizes = {n: f"{size / 1e6:8.3f} MB" for n, size in facts.n_bytes.items()}
    total = sum(facts.n_bytes.values())
    _print_pairs(console, {**sizes, "in all": f"{total / 1e6:8.3f} MB"})
    if facts.headline:
        console.print()
        _print_pairs(console, {k: f"{v:.4g}" for k, v in facts.headline.items()})


def _print_pairs(console: Console, pairs: dict[str, str]) -> None:
    table = Table.grid(padding=(0, 2))
    table.add_column(style="bold")
    table.add_column(overflow="fold")
    for key, value in pairs.items():
        table.add_row(key, value)
    console.print(table, markup=False)


def _label_table(facts: Facts) -> Table:
    table = Table(
        "label", "review", "urgent", "slope", "intercept", "pooling", "weight"
    )
    for label, x in facts.labels.items():
        table.add_row(
            label,
            f"{x.thresholds.review:.3f}",
            f"{x.thresholds.review_urgent:.3f}",
            f"{x.calibration.slope:.3f}",
            f"{x.calibration.intercept:+.3f}",
            x.pooling,
            str(x.severity),
        )
    return table


def _headline(path: Path) -> dict[str, float]:
    try:
        figures = json.loads(path.read_bytes()).get(HEADLINE, {})
        return {k: float(v) for k, v in figures.items()}
    except (ValueError, TypeError, AttributeError) as e:
        msg = f"{path} is not a report: a JSON object with figures in {HEADLINE}"
        raise BundleCorruptError(msg) from e
