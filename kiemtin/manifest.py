"""The manifest of a bundle: what the bundle promises, in ``manifest.json``."""

from collections.abc import Iterable
from itertools import pairwise
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from kiemtin.labels import Label

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
"""What every manifest must give a checksum for."""
WIDE_FILE = "wide.npz"
"""There too, if the manifest has a wide part."""


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
    """From a logit x to a probability: sigmoid(x / temperature)."""

    method: Literal["temperature"] = "temperature"
    temperature: float = Field(gt=0)


class Platt(_Part):
    """From a logit x to a probability: sigmoid(slope * x + intercept)."""

    method: Literal["platt"] = "platt"
    slope: float
    intercept: float


class Beta(_Part):
    """
    From a logit x to a probability, as Kull et al. 2017.

    With p = sigmoid(x): sigmoid(a * ln(p) - b * ln(1 - p) + c).
    """

    method: Literal["beta"] = "beta"
    a: float = Field(ge=0)
    b: float = Field(ge=0)
    c: float


class Isotonic(_Part):
    """From a logit to a probability: linear between ascending knots."""

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


class Expert(_Part):
    """A linear model of one label, learnt from one kind of text."""

    label: Label
    kind: str


class Mixing(_Part):
    """What is calibrated: network * its logit + wide * that of the wide part."""

    network: float = Field(ge=0)
    wide: float = Field(ge=0)


class Absence(_Part):
    """
    Kinds of text that are taken as free of a label, though nobody asked.

    Attributes:
        kinds: Which.
        below: Where the gate gives the kinds with experts less than this against these,
            the label is taken as absent in part, down to altogether at 0.
        logit: What is said where it is absent.
    """

    kinds: tuple[str, ...]
    below: float = Field(gt=0, le=1)
    logit: float = Field(lt=0)


class Wide(_Part):
    """
    The wide part, a linear model of words and characters: see ``kiemtin.wide``.

    Attributes:
        bits: Each view of a text has 2^bits buckets.
        kinds: The kinds of text that its gate tells apart.
        experts: In the order of the columns that follow those of the gate.
        absent: Where a label is taken as absent, if anywhere.
        mixing: Of each label.
    """

    bits: int = Field(ge=1, le=22)
    kinds: tuple[str, ...] = Field(min_length=1)
    experts: tuple[Expert, ...]
    absent: dict[Label, Absence] = {}
    mixing: dict[Label, Mixing]

    @model_validator(mode="after")
    def _unambiguous(self) -> "Wide":
        for said in (self.kinds, self.experts):
            if len(set(said)) < len(said):
                msg = f"the wide part names {max(said, key=said.count)} twice"
                raise ValueError(msg)
        for expert in self.experts:
            absence = self.absent.get(expert.label)
            if absence and expert.kind in absence.kinds:
                msg = f"{expert.label} has an expert and is absent in {expert.kind}"
                raise ValueError(msg)
        return self

    @model_validator(mode="after")
    def _whole(self) -> "Wide":
        named = {x.kind for x in self.experts}.union(
            *(x.kinds for x in self.absent.values())
        )
        if unknown := named - set(self.kinds):
            msg = f"the gate of the wide part does not know {min(unknown)}"
            raise ValueError(msg)
        if set(self.mixing) != set(Label):
            msg = "a label has no mixing of network and wide part"
            raise ValueError(msg)
        lacking = [
            x
            for x, mixing in self.mixing.items()
            if mixing.wide and x not in {e.label for e in self.experts}
        ]
        if lacking:
            msg = f"{lacking[0]} is mixed with a wide part that has no expert for it"
            raise ValueError(msg)
        return self


class Manifest(_Part):
    """The promise that a bundle makes."""

    format_version: Literal[1, 2, 3] = 3
    """Version 1 had no band of abstention, and Platt's calibration alone; version 2
    had no wide part."""
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
    wide: Wide | None = None
    """Null: the network speaks alone."""
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
        if set(self.sha256) != set(self.files):
            msg = "the checksums are not those of a bundle's files"
            raise ValueError(msg)
        return self

    @property
    def files(self) -> tuple[str, ...]:
        """What the bundle consists of, beside the manifest."""
        return (*FILES, WIDE_FILE) if self.wide else FILES
