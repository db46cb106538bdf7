"""Recipes: everything that decides a run, in one TOML file, with nothing hidden."""

import tomllib
from importlib import resources
from pathlib import Path
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from kiemtin.labels import Label
from training.corpora.sources import Permission
from training.errors import RecipeError
from training.perturb import PERTURBATIONS


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Shape(_Section):
    """The size of an encoder (names as in ``transformers.RobertaConfig``)."""

    vocab_size: int
    num_hidden_layers: int
    hidden_size: int
    num_attention_heads: int
    intermediate_size: int
    window_tokens: int


class CorpusShare(_Section):
    """How much of one corpus file is read."""

    file: str
    million_chars: float = Field(gt=0)
    keep: float = Field(default=1, gt=0, le=1)
    """The part of its documents that is taken at random, until there are enough."""


class VectorSection(_Section):
    """Word vectors, trained in minutes, that the embeddings start from."""

    epochs: int = Field(ge=0)
    window: int = Field(gt=0)


class MaskedLmSection(_Section):
    """How the masked language model is trained."""

    epochs: float = Field(gt=0)
    batch_sequences: int = Field(gt=0)
    learning_rate: float = Field(gt=0)
    warmup_steps: int = Field(ge=0)
    masked: float = Field(gt=0, lt=1)
    weight_decay: float = Field(ge=0)
    minutes_between_checkpoints: float = Field(gt=0)


class PretrainRecipe(_Section):
    """From raw text to an encoder."""

    seed: int
    stripped: float = Field(ge=0, le=1)
    """Which part of the documents is read without its diacritics."""
    shape: Shape
    corpora: tuple[CorpusShare, ...]
    vectors: VectorSection
    masked_lm: MaskedLmSection


class WindowSection(_Section):
    """How long posts are cut, in training and in serving."""

    tokens: int = Field(gt=2)
    overlap: int = Field(ge=0)
    most: int = Field(gt=0)
    most_in_training: int = Field(gt=0)


class FineTuneSection(_Section):
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


class AugmentSection(_Section):
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


class AssumedNegative(_Section):
    """Rows of *corpora* are taken as free of *label*, which nobody annotated there."""

    label: Label
    corpora: tuple[str, ...]
    weight: float = Field(gt=0, le=1)


class ThresholdSection(_Section):
    """How thresholds are chosen on the dev split."""

    urgent_precision: float = Field(gt=0, le=1)
    protected_flagged: float = Field(gt=0, le=1)
    """The largest part of protected speech that any one label may flag."""
    others_flagged: float = Field(gt=0, le=1)
    """The largest part of the rows that are assumed to be free of a label."""


class TrainRecipe(_Section):
    """From an encoder and labelled rows to a bundle."""

    name: str
    version: str
    seed: int
    encoder: str
    """A recipe of ``kiemtin pretrain`` whose result is used, or a folder."""
    corpora: tuple[str, ...]
    permission: Permission = Permission.UNSTATED
    """The least that the terms of a row must allow; by default every row is taken."""
    max_rows: int | None = None
    """At most so many rows of each corpus in a split; for rehearsals."""
    segmenter: Literal["none", "underthesea"] = "none"
    """What joins syllables to words; serving must have the very same version."""
    window: WindowSection
    pooling: dict[Label, str]
    fine_tune: FineTuneSection
    augment: AugmentSection
    assumed_negative: tuple[AssumedNegative, ...] = ()
    thresholds: ThresholdSection


_R = TypeVar("_R", bound=BaseModel)


def load_recipe(name: str, kind: type[_R]) -> _R:
    """
    Return the recipe called *name*, one of ours or a path to a TOML file.

    Raises:
        RecipeError: If there is none, or a key is unknown, missing or out of range.
    """
    text = _recipe_text(name)
    try:
        values: dict[str, Any] = tomllib.loads(text)
        return kind.model_validate(values)
    except (tomllib.TOMLDecodeError, ValidationError) as e:
        msg = f"recipe {name}: {e}"
        raise RecipeError(msg) from e


def _recipe_text(name: str) -> str:
    path = Path(name)
    if path.suffix == ".toml" and path.is_file():
        return path.read_text(encoding="utf-8")
    ours = resources.files("training") / "recipes"
    found = ours / f"{name}.toml"
    if not found.is_file():
        known = sorted(Path(f.name).stem for f in ours.iterdir())
        msg = f"no recipe {name!r}; there are {', '.join(known)}"
        raise RecipeError(msg)
    return found.read_text(encoding="utf-8")
