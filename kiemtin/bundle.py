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
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

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


Pooling = Literal["mean", "max", "smooth"]
Variant = Literal["int8", "fp16", "fp32"]


class _Part(BaseModel):
    # JSON has no NaN, and no figure here may be one.
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Segmenter(_Part):
    """What joins syllables to words (``kiemtin.text.segment``); ``none`` joins none."""

    name: Literal["none", "underthesea"]
    version: str


class Window(_Part):
    """How a long text is cut: see ``kiemtin.text.WindowSpec``."""

    tokens: int
    overlap: int
    most: int


class Temperature(_Part):
    """From the network's logit x to a probability: sigmoid(x / temperature)."""

    method: Literal["temperature"] = "temperature"
    temperature: float = Field(gt=0)


class Platt(_Part):
    """From the network's logit x to a probability: sigmoid(slope * x + intercept)."""

    method: Literal["platt"] = "platt"
    slope: float
    intercept: float


class Beta(_Part):
    """
    From the network's logit x to a probability, as Kull et al. 2017.

    With p = sigmoid(x): sigmoid(a * ln(p) - b * ln(1 - p) + c).
    """

    method: Literal["beta"] = "beta"
    a: float = Field(ge=0)
    b: float = Field(ge=0)
    c: float


class Isotonic(_Part):
    """From the network's logit to a probability: linear between ascending knots."""

    method: Literal["isotonic"] = "isotonic"
    logits: tuple[float, ...] = Field(min_length=2)
    probabilities: tuple[float, ...] = Field(min_length=2)

    @model_validator(mode="after")
    def _ascends(self) -> "Isotonic":
        if len(self.logits) != len(self.probabilities):
            msg = f"{len(self.logits)} logits, {len(self.probabilities)} probabilities"
            raise ValueError(msg)
        if not all(a < b for a, b in pairwise(self.logits)):
            msg = "the logits of the knots do not ascend"
            raise ValueError(msg)
        if not all(a <= b for a, b in pairwise((0, *self.probabilities, 1))):
            msg = "the probabilities of the knots do not ascend from 0 to 1"
            raise ValueError(msg)
        return self


Calibration = Annotated[
    Temperature | Platt | Beta | Isotonic, Field(discriminator="method")
]


class Thresholds(_Part):
    """The least probabilities that make a label a matter for people."""

    abstain: float | None = Field(
        default=None,
        description="From here to review nothing is concluded: neither flagged nor "
        "cleared. Null: there is no such band.",
    )
    review: float
    review_urgent: float

    @model_validator(mode="after")
    def _ascend(self) -> "Thresholds":
        abstain = self.review if self.abstain is None else self.abstain
        if not abstain <= self.review <= self.review_urgent:
            msg = (
                f"the thresholds do not ascend: abstain {self.abstain}, "
                f"review {self.review}, review_urgent {self.review_urgent}"
            )
            raise ValueError(msg)
        return self

    def __repr_args__(self) -> Iterable[tuple[str | None, Any]]:
        """Leave out what is not set: a policy's version without it is what it was."""
        return [(k, v) for k, v in super().__repr_args__() if v is not None]


class Manifest(_Part):
    """The promise that a bundle makes."""

    format_version: Literal[1, 2] = 2
    """Version 1 had no band of abstention, and Platt's calibration alone."""
    name: str
    version: str
    labels: tuple[Label, ...]
    """In the order of the network's outputs."""
    normalizer_version: int
    segmenter: Segmenter
    window: Window
    variant: Variant = "int8"
    """How the graph keeps its weights."""
    pooling: dict[Label, Pooling]
    """How the logits of several windows become one."""
    sharpness: dict[Label, float] = {}
    """Of labels pooled smoothly: ln(mean(exp(s * x))) / s, the mean as s nears 0, the
    largest as it grows."""
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
        for label, pooling in self.pooling.items():
            if pooling == "smooth" and not self.sharpness.get(label, 0) > 0:
                msg = f"{label} is pooled smoothly and has no sharpness above 0"
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
