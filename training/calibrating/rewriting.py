"""A bundle with other thresholds: a new folder, proven; the old one is not touched."""

import json
import shutil
from pathlib import Path

from kiemtin.bundle import file_sha256, read_manifest
from kiemtin.errors import BundleCorruptError
from kiemtin.goldens import check_goldens, read_goldens
from kiemtin.labels import Label
from kiemtin.manifest import (
    CARD_FILE,
    MANIFEST_FILE,
    REPORT_FILE,
    Manifest,
    Thresholds,
)
from kiemtin.scoring import Scorer

CHANGED = "thresholds_changed"
"""The key of the report that says what became of its thresholds."""


def write_with(
    thresholds: dict[Label, Thresholds], bundle: Path, out: Path, *, why: str
) -> str:
    """
    Write *bundle* with other *thresholds* to *out*; return the version of its policy.

    Its report and card keep their figures, and say of which thresholds they are.

    Args:
        thresholds: Of every label.
        bundle: A folder that proves itself.
        out: Where there is nothing yet.
        why: How they were chosen, a sentence.

    Raises:
        BundleError: If *bundle* or what was written does not hold.
        FileExistsError: If something is there.
    """
    if out.exists():
        raise FileExistsError(out)
    old = read_manifest(bundle)
    aside = out.with_name(f".{out.name}.tmp")
    shutil.rmtree(aside, ignore_errors=True)
    shutil.copytree(bundle, aside)
    _amend_report(aside / REPORT_FILE, old.thresholds, thresholds, why)
    _amend_card(aside / CARD_FILE, old.thresholds, thresholds, why)
    manifest = old.model_copy(
        update={
            "format_version": 3,
            "thresholds": thresholds,
            "sha256": {name: file_sha256(aside / name) for name in old.files},
        }
    )
    text = Manifest.model_validate(manifest.model_dump()).model_dump_json(indent=2)
    (aside / MANIFEST_FILE).write_text(text + "\n", encoding="utf-8")
    scorer = Scorer.load(aside)
    check_goldens(scorer, read_goldens(aside))
    aside.rename(out)
    return scorer.policy.version


def _amend_report(
    path: Path,
    old: dict[Label, Thresholds],
    new: dict[Label, Thresholds],
    why: str,
) -> None:
    try:
        report = json.loads(path.read_text(encoding="utf-8"))
        report[CHANGED] = {
            "why": why,
            "figures": "What counts flags was measured with the thresholds before.",
            "before": {x: t.model_dump() for x, t in old.items()},
            "now": {x: t.model_dump() for x, t in new.items()},
        }
    except (ValueError, TypeError) as e:
        msg = f"{path} is not a report: a JSON object"
        raise BundleCorruptError(msg) from e
    text = json.dumps(report, ensure_ascii=False, indent=2)
    path.write_text(text + "\n", encoding="utf-8")


def _amend_card(
    path: Path,
    old: dict[Label, Thresholds],
    new: dict[Label, Thresholds],
    why: str,
) -> None:
    rows = [f"| {x} | {_spelled(old[x])} | {_spelled(new[x])} |" for x in Label]
    figures = "Figures above that count flags were measured with the thresholds before."
    lines = [
        "",
        "## Its thresholds were changed",
        "",
        f"{why} {figures}",
        "",
        "| label | before: abstain, review, urgent | now |",
        "|---|---|---|",
        *rows,
    ]
    with path.open("a", encoding="utf-8") as f:
        f.write("\n".join(lines) + "\n")


def _spelled(x: Thresholds) -> str:
    abstain = "-" if x.abstain is None else f"{x.abstain:g}"
    return f"{abstain}, {x.review:g}, {x.review_urgent:g}"
