"""Write a bundle: aside first, proven, then put into its place."""

import shutil
from collections.abc import Sequence
from pathlib import Path

from kiemtin.bundle import file_sha256
from kiemtin.goldens import Golden, check_goldens, read_goldens
from kiemtin.labels import Label
from kiemtin.manifest import (
    CARD_FILE,
    FILES,
    GOLDENS_FILE,
    MANIFEST_FILE,
    RECIPE_FILE,
    REPORT_FILE,
    TOKENIZER_FILE,
    WIDE_FILE,
    Manifest,
    Segmenter,
    Variant,
    Window,
)
from kiemtin.schemas import Item
from kiemtin.scoring import Scorer
from kiemtin.text import NORMALIZER_VERSION
from kiemtin.text.segment import installed_version
from training.evaluation.report import Report
from training.exporting.card import model_card
from training.exporting.swapping import put_in_place
from training.exporting.trained import Trained, dump_recipe

GOLDEN_TOLERANCE = 0.02
"""Kernels differ between processors by less; another model differs by more."""


def write_manifest(folder: Path, trained: Trained, *, variant: Variant) -> None:
    """Write the manifest of the files in *folder*; missing ones are made empty."""
    recipe = trained.recipe
    if not (folder / TOKENIZER_FILE).is_file():
        shutil.copyfile(trained.tokenizer, folder / TOKENIZER_FILE)
    if trained.wide:
        trained.wide.save(folder / WIDE_FILE)
    files = (*FILES, WIDE_FILE) if trained.wide else FILES
    for name in files:
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
        variant=variant,
        pooling=recipe.pooling,
        sharpness=trained.sharpness,
        calibration=trained.calibration,
        thresholds=trained.thresholds,
        wide=trained.wide.spec if trained.wide else None,
        rows_independent=True,  # a graph of which it does not hold is not taken
        golden_tolerance=GOLDEN_TOLERANCE,
        sha256={name: file_sha256(folder / name) for name in files},
    )
    text = manifest.model_dump_json(indent=2)
    (folder / MANIFEST_FILE).write_text(text + "\n", encoding="utf-8")


def write_papers(
    folder: Path, trained: Trained, report: Report, golden_texts: Sequence[str]
) -> None:
    """Write recipe, report, card and goldens; the manifest must be there already."""
    scorer = Scorer.load(folder)
    (folder / RECIPE_FILE).write_text(dump_recipe(trained.recipe), encoding="utf-8")
    (folder / REPORT_FILE).write_text(
        report.model_dump_json(indent=2) + "\n", encoding="utf-8"
    )
    card = model_card(scorer.manifest, trained.recipe, report)
    (folder / CARD_FILE).write_text(card, encoding="utf-8")
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
    put_in_place(aside, target)
