"""What a bundle says of itself, for people and for programs."""

import json
from pathlib import Path
from typing import assert_never

from pydantic import BaseModel
from rich import box
from rich.console import Console
from rich.table import Table

from kiemtin.bundle import bundle_digest, read_manifest
from kiemtin.errors import BundleCorruptError
from kiemtin.labels import Label
from kiemtin.manifest import (
    MANIFEST_FILE,
    REPORT_FILE,
    Beta,
    Calibration,
    Isotonic,
    Platt,
    Pooling,
    Segmenter,
    Temperature,
    Thresholds,
    Variant,
    Window,
)
from kiemtin.policy import SEVERITIES, Policy

HEADLINE = "headline"
"""The part of a report that is a flat object of figures."""


class LabelFacts(BaseModel):
    """What a bundle promises for one label."""

    thresholds: Thresholds
    calibration: Calibration
    pooling: Pooling
    sharpness: float | None
    severity: int


class Facts(BaseModel):
    """What ``kiemtin bundle info --json`` prints."""

    name: str
    version: str
    digest: str
    variant: Variant
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
        variant=manifest.variant,
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
                sharpness=manifest.sharpness.get(x),
                severity=SEVERITIES[x],
            )
            for x in manifest.labels
        },
        n_bytes={
            n: (folder / n).stat().st_size for n in (*manifest.files, MANIFEST_FILE)
        },
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
        "weights": facts.variant,
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
        *("label", "abstain", "review", "urgent", "calibration", "pooling", "weight"),
        box=box.SIMPLE,
        pad_edge=False,
        padding=(0, 1, 0, 0),
    )
    for label, x in facts.labels.items():
        abstain = x.thresholds.abstain
        table.add_row(
            label,
            "-" if abstain is None else f"{abstain:.3f}",
            f"{x.thresholds.review:.3f}",
            f"{x.thresholds.review_urgent:.3f}",
            _spelled(x.calibration),
            x.pooling if x.sharpness is None else f"{x.pooling} {x.sharpness:.2f}",
            str(x.severity),
        )
    return table


def _spelled(calibration: Calibration) -> str:
    """Return the method and its figures, in the order of the manifest."""
    match calibration:
        case Temperature(temperature=t):
            return f"temperature {t:.2f}"
        case Platt(slope=slope, intercept=intercept):
            return f"platt {slope:.2f} {intercept:+.2f}"
        case Beta(a=a, b=b, c=c):
            return f"beta {a:.2f} {b:.2f} {c:+.2f}"
        case Isotonic(logits=knots):
            return f"isotonic {len(knots)} knots"
        case _:
            assert_never(calibration)


def _headline(path: Path) -> dict[str, float]:
    try:
        figures = json.loads(path.read_bytes()).get(HEADLINE, {})
        return {k: float(v) for k, v in figures.items()}
    except (ValueError, TypeError, AttributeError) as e:
        msg = f"{path} is not a report: a JSON object with figures in {HEADLINE}"
        raise BundleCorruptError(msg) from e
