"""
A model bundle: everything needed to score a text, in one folder.

    model.onnx       the network
    tokenizer.json   the tokenizer
    goldens.jsonl    texts with the scores they must get
    report.json      what was measured on what
    recipe.toml      the resolved recipe it was trained by
    README.md        the model card
    manifest.json    what all of it is, and the checksums
"""

import hashlib
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from kiemtin.errors import (
    BundleCorruptError,
    BundleForeignFileError,
    BundleMismatchError,
    BundleMissingError,
)
from kiemtin.labels import Label
from kiemtin.text import NORMALIZER_VERSION

MODEL_FILE = "model.onnx"
TOKENIZER_FILE = "tokenizer.json"
GOLDENS_FILE = "goldens.jsonl"
REPORT_FILE = "report.json"
RECIPE_FILE = "recipe.toml"
CARD_FILE = "README.md"
MANIFEST_FILE = "manifest.json"

FILES = (
    MODEL_FILE,
    TOKENIZER_FILE,
    GOLDENS_FILE,
    REPORT_FILE,
    RECIPE_FILE,
    CARD_FILE,
)
"""What the manifest must give a checksum for."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Segmenter(_Part):
    """What joins syllables to words (``kiemtin.text.segment``); ``none`` joins none."""

    name: Literal["none", "underthesea"]
    version: str


class Window(_Part):
    """How a long text is cut: see ``kiemtin.text.WindowSpec``."""

    tokens: int
    overlap: int
    most: int


class Calibration(_Part):
    """From the network's logit x to a probability: sigmoid(slope * x + intercept)."""

    method: Literal["platt"]
    slope: float
    intercept: float


class Thresholds(_Part):
    """The least probabilities that make a label a matter for people."""

    review: float
    review_urgent: float


class Manifest(_Part):
    """The promise that a bundle makes."""

    format_version: Literal[1] = 1
    name: str
    version: str
    labels: tuple[Label, ...]
    """In the order of the network's outputs."""
    normalizer_version: int
    segmenter: Segmenter
    window: Window
    pooling: dict[Label, Literal["mean", "max"]]
    """How the logits of several windows become one."""
    calibration: dict[Label, Calibration]
    thresholds: dict[Label, Thresholds]
    rows_independent: bool
    """Whether texts may share a batch; if not, the graph runs one row at a time."""
    golden_tolerance: float
    sha256: dict[str, str]

    @model_validator(mode="after")
    def _whole(self) -> "Manifest":
        if self.labels != tuple(Label):
            msg = "labels are not ours, in our order"
            raise ValueError(msg)
        for part in (self.pooling, self.calibration, self.thresholds):
            if set(part) != set(Label):
                msg = "a label has no pooling, calibration or threshold"
                raise ValueError(msg)
        if set(self.sha256) != set(FILES):
            msg = "the checksums are not those of a bundle's files"
            raise ValueError(msg)
        return self


def read_manifest(folder: Path) -> Manifest:
    """
    Read and verify the bundle in *folder*, to score with it.

    Raises:
        BundleMissingError: If a file is not there.
        BundleCorruptError: If a file is not the one that was exported.
        BundleForeignFileError: If there is a file more.
        BundleMismatchError: If this code preprocesses text differently.
    """
    manifest = verify_files(folder)
    if manifest.normalizer_version != NORMALIZER_VERSION:
        msg = (
            f"{manifest.name} was trained with normalizer "
            f"{manifest.normalizer_version}, this code has {NORMALIZER_VERSION}"
        )
        raise BundleMismatchError(msg)
    return manifest


def verify_files(folder: Path) -> Manifest:
    """
    Return the manifest of *folder*, whose files are those that it names.

    Raises:
        BundleMissingError: If a file is not there.
        BundleCorruptError: If a file is not the one that was exported.
        BundleForeignFileError: If there is a file more.
    """
    for name in (MANIFEST_FILE, *FILES):
        if not (folder / name).is_file():
            msg = f"{folder} has no {name}"
            raise BundleMissingError(msg)
    for path in sorted(folder.iterdir()):
        if path.name not in (MANIFEST_FILE, *FILES):
            msg = f"{folder} has a file that its manifest does not name: {path.name}"
            raise BundleForeignFileError(msg)

    manifest = _parse(folder / MANIFEST_FILE)
    for name, expected in manifest.sha256.items():
        if file_sha256(folder / name) != expected:
            msg = f"{folder / name} does not match its checksum"
            raise BundleCorruptError(msg)
    return manifest


def bundle_digest(folder: Path) -> str:
    """Return what identifies a bundle: the manifest names the bytes of the rest."""
    return f"sha256:{file_sha256(folder / MANIFEST_FILE)}"


def file_sha256(path: Path) -> str:
    """Return the checksum of *path* as a manifest records it."""
    with path.open("rb") as f:
        return hashlib.file_digest(f, "sha256").hexdigest()


def _parse(path: Path) -> Manifest:
    try:
        return Manifest.model_validate_json(path.read_bytes())
    except ValidationError as e:
        problems = "; ".join(
            f"{'.'.join(map(str, x['loc']))}: {x['msg']}" for x in e.errors()
        )
        msg = f"{path} is not a manifest that this code reads: {problems}"
        raise BundleCorruptError(msg) from e
