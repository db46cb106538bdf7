"""The sections of a recipe that decide what a network learns, and how."""

from typing import Annotated, Literal

from pydantic import Field, field_validator

from kiemtin.labels import Label
from training.perturb import PERTURBATIONS
from training.recipes.loading import Section


class WindowSection(Section):
    """How long posts are cut, in training and in serving."""

    tokens: int = Field(gt=2)
    overlap: int = Field(ge=0)
    most: int = Field(gt=0)
    most_in_training: int = Field(gt=0)


class FineTuneSection(Section):
    """How the heads and the encoder are trained."""

    epochs: int = Field(gt=0)
    batch_tokens: int = Field(gt=0)
    learning_rate: float = Field(gt=0)
    head_learning_rate: float = Field(gt=0)
    layer_decay: float = Field(gt=0, le=1)
    warmup: float = Field(ge=0, lt=1)
    weight_decay: float = Field(ge=0)
    dropout: float = Field(ge=0, lt=1)
    temperature: float = Field(ge=1)
    """1 draws corpora by their size; larger draws small ones more often."""
    averaging: float = Field(ge=0, lt=1)
    """Decay of the moving average of the weights that is kept; 0 keeps the last."""
    imbalance: float = Field(default=0.5, ge=0, le=1)
    """Positives of a label weigh (negatives / positives) to this power: 0 leaves them
    as they are, 1 balances them."""
    patience: int = Field(default=0, ge=0)
    """After so many epochs without a better mean AUC on dev it stops, and the best epoch
    is kept; 0 goes on to the end and keeps the last."""
    precision: Literal["auto", "fp32", "bf16", "fp16"] = "auto"
    """Auto takes bf16 where the machine computes in it, else fp32."""
    compiled: bool = True
    """Whether torch compiles the encoder; rehearsals are over sooner without."""
    minutes_between_checkpoints: float = Field(default=5, gt=0)


class LoraSection(Section):
    """Low-rank adapters in place of the encoder's own weights (arXiv:2106.09685)."""

    rank: int = Field(gt=0)
    alpha: float = Field(gt=0)
    dropout: float = Field(default=0, ge=0, lt=1)
    modules: tuple[str, ...] = ("query", "value")


class DistillationSection(Section):
    """A larger bundle as a teacher, beside the labels (arXiv:1503.02531)."""

    teacher: str
    """The folder of a bundle."""
    weight: float = Field(gt=0, le=1)
    """How much its scores count against the labels."""
    unlabelled: bool = True
    """Whether it also speaks of labels that a row does not carry."""


class AugmentSection(Section):
    """Which parts of the rows are changed, anew in each epoch."""

    perturbed: dict[str, float]
    """By name in ``training.perturb``; a row is changed by one of them at most."""
    unpunctuated: float = Field(ge=0, le=1)
    """Lose punctuation and emoji: style must not stand in for content."""
    words_dropped: float = Field(ge=0, le=1)
    """Lose a tenth of their words."""

    @field_validator("perturbed")
    @classmethod
    def _known(cls, shares: dict[str, float]) -> dict[str, float]:
        unknown = shares.keys() - PERTURBATIONS.keys()
        if unknown:
            msg = f"no perturbation {min(unknown)!r}; there are {', '.join(PERTURBATIONS)}"
            raise ValueError(msg)
        if min(shares.values(), default=0) < 0 or sum(shares.values()) > 1:
            msg = f"the shares {list(shares.values())} are no parts of one whole"
            raise ValueError(msg)
        return shares


class MitigationSection(Section):
    """What keeps a model from taking talk of politics for a harm."""

    swapped: float = Field(default=0, ge=0, le=1)
    """Which part of the rows gets its political terms swapped for everyday ones, and the
    other way round, with its labels kept (counterfactual augmentation)."""
    masked: float = Field(default=0, ge=0, le=1)
    """In which part of the rows that hold them political terms are left out."""
    reweighted: bool = False
    """Whether rows weigh so that, in each corpus, every label is as frequent with
    political terms as without (instance weighting, arXiv:2004.14088)."""


class WideSection(Section):
    """The wide part: linear models of words and characters (``kiemtin.wide``)."""

    bits: int = Field(default=17, ge=1, le=22)
    """Each of four views of a text has 2^bits buckets."""
    strength: float = Field(default=1, gt=0)
    """The inverse of the penalty on weights (C)."""
    least_rows: int = Field(default=500, gt=0)
    """A corpus with fewer is no kind of text of its own, and teaches no expert."""
    swapped: tuple[str, ...] = ()
    """Corpora whose rows teach with political terms swapped for everyday ones, and the
    other way round, so that the terms do not stand for the label."""
    gate_rows: int = Field(default=3000, gt=0)
    """At most so many of each corpus teach the gate."""
    absent_below: dict[Label, Annotated[float, Field(gt=0, le=1)]] = Field(
        default_factory=dict
    )
    """In kinds of text where a label is assumed to be absent, it is taken for that where
    the gate gives the kinds that have it less than this; without it, nowhere."""
    absent_logit: float = Field(default=-2, lt=0)
    """What is said of it there."""


class AssumedNegative(Section):
    """Rows of *corpora* are taken as free of *label*, which nobody annotated there."""

    label: Label
    corpora: tuple[str, ...]
    weight: float = Field(gt=0, le=1)
