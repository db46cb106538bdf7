"""Write a bundle: aside first, proven, then renamed into place."""

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import tomli_w

from kiemtin.bundle import (
    CARD_FILE,
    FILES,
    GOLDENS_FILE,
    MANIFEST_FILE,
    RECIPE_FILE,
    REPORT_FILE,
    Calibration,
    Manifest,
    Segmenter,
    Thresholds,
    Window,
    file_sha256,
)
from kiemtin.goldens import Golden, check_goldens, read_goldens
from kiemtin.labels import Label
from kiemtin.scoring import Item, Scorer
from kiemtin.text import NORMALIZER_VERSION
from kiemtin.text.segment import installed_version
from training.card import model_card
from training.recipe import TrainRecipe
from training.report import Report

GOLDEN_TOLERANCE = 0.02
"""Kernels differ between processors by less; another model differs by more."""


def write_manifest(
    folder: Path,
    recipe: TrainRecipe,
    calibration: dict[Label, Calibration],
    thresholds: dict[Label, Thresholds],
) -> None:
    """Write the manifest of the files in *folder*; missing ones are made empty."""
    for name in FILES:
        (folder / name).touch()
    manifest = Manifest(
        name=recipe.name,
        version=recipe.version,
        labels=tuple(Label),
        normalizer_version=NORMALIZER_VERSION,
        segmenter=Segmenter(
            name=recipe.segmenter, version=installed_version(recipe.segmenter) or ""
        ),
        window=Window(
            tokens=recipe.window.tokens,
            overlap=recipe.window.overlap,
            most=recipe.window.most,
        ),
        pooling=recipe.pooling,
        calibration=calibration,
        thresholds=thresholds,
        rows_independent=True,
        golden_tolerance=GOLDEN_TOLERANCE,
        sha256={name: file_sha256(folder / name) for name in FILES},
    )
    text = manifest.model_dump_json(indent=2)
    (folder / MANIFEST_FILE).write_text(text + "\n", encoding="utf-8")


def write_papers(
    folder: Path, recipe: TrainRecipe, report: Report, golden_texts: Sequence[str]
) -> None:
    """Write recipe, report, card and goldens; the manifest must be there already."""
    scorer = Scorer.load(folder)
    (folder / RECIPE_FILE).write_text(
        tomli_w.dumps(_without_none(recipe.model_dump(mode="json"))), encoding="utf-8"
    )
    (folder / REPORT_FILE).write_text(
        report.model_dump_json(indent=2) + "\n", encoding="utf-8"
    )
    (folder / CARD_FILE).write_text(model_card(report), encoding="utf-8")
    lines = []
    for number, text in enumerate(golden_texts, 1):
        scores = scorer.score(Item(str(number), text)).scores
        golden = Golden(id=f"golden-{number}", text=text, scores=scores)
        lines.append(golden.model_dump_json())
    (folder / GOLDENS_FILE).write_text("\n".join(lines) + "\n", encoding="utf-8")


def publish(aside: Path, target: Path) -> None:
    """
    Prove the bundle in *aside*, then put it in the place of *target*.

    Raises:
        BundleError: If it does not hold; *target* is as it was.
    """
    check_goldens(Scorer.load(aside), read_goldens(aside))
    target.parent.mkdir(parents=True, exist_ok=True)
    old = target.with_name(f".{target.name}.old")
    if target.exists():
        target.rename(old)
    aside.rename(target)
    if old.exists():
        shutil.rmtree(old)


def _without_none(value: Any) -> Any:
    """TOML has no null: leave such keys out."""
    if isinstance(value, dict):
        return {k: _without_none(v) for k, v in value.items() if v is not None}
    if isinstance(value, list):
        return [_without_none(v) for v in value]
    return value
