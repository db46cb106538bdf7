"""The recipe of an encoder: from raw text to weights."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from training.recipes.loading import Section
from training.recipes.tuning import AugmentSection


def _shares(shares: dict[str, float]) -> dict[str, float]:
    # Fine-tuning has the same key, and its section knows what is allowed.
    checked = AugmentSection(perturbed=shares, unpunctuated=0, words_dropped=0)
    return checked.perturbed


class Shape(Section):
    """The size of an encoder (names as in ``transformers.RobertaConfig``)."""

    vocab_size: int = Field(le=65_536)
    num_hidden_layers: int
    hidden_size: int
    num_attention_heads: int
    intermediate_size: int
    window_tokens: int


class CorpusShare(Section):
    """How much of one corpus file is read, and how often."""

    file: str
    million_chars: float | None = Field(default=None, gt=0)
    """At most so many, each time; by default all there are."""
    times: float = Field(default=1, ge=0)
    """How often a document is taken: 0.2 is a fifth of them, drawn at random; of 3,
    each is written anew, stripped or perturbed or not."""
    sources: dict[str, float] = Field(default={})
    """The same for documents whose ``src`` is named here."""


class RowShare(Section):
    """The train rows of a prepared set as raw text (arXiv:2004.10964)."""

    times: float = Field(gt=0)


class TokenizerSection(Section):
    """What the tokenizer is trained on; not read where there is a start."""

    sample: float = Field(default=1, gt=0, le=1)
    """Which part of the documents."""


class VectorSection(Section):
    """Word vectors, trained in minutes, that the embeddings start from."""

    epochs: int = Field(gt=0)
    window: int = Field(gt=0)


class MaskedLmSection(Section):
    """How the masked language model is trained."""

    epochs: float = Field(gt=0)
    """At most: the budget in minutes may end it sooner."""
    minutes: float | None = Field(default=None, gt=0)
    """Of training, over all sessions and with the decay."""
    decay: float = Field(default=0.1, gt=0, lt=1)
    """Which part of the steps takes the learning rate down to zero, at the end."""
    batch_sequences: int = Field(gt=0)
    learning_rate: float = Field(gt=0)
    warmup_steps: int = Field(ge=0)
    weight_decay: float = Field(ge=0)
    masked: float = Field(gt=0, lt=1)
    whole_words: bool = False
    """Whether all tokens of a word are masked, or none."""
    precision: Literal["auto", "fp32", "bf16"] = "auto"
    """Auto takes bf16 where the machine computes in it, else fp32."""
    compiled: bool = True
    """Whether torch compiles the network; rehearsals are over sooner without."""
    minutes_between_checkpoints: float = Field(gt=0)


class PretrainRecipe(Section):
    """From raw text to an encoder."""

    seed: int
    start: str | None = None
    """A folder with a checkpoint and its tokenizer, or a bundle, to go on from."""
    stripped: float = Field(ge=0, le=1)
    """Which part of the documents is read without its diacritics."""
    perturbed: Annotated[dict[str, float], AfterValidator(_shares)] = Field(default={})
    """Which parts of them are written otherwise, by name in ``training.perturb``."""
    avoid: bool = False
    """Whether documents that share seven words running with a dev or test row are left
    out; needs the prepared set."""
    shape: Shape
    corpora: tuple[CorpusShare, ...]
    rows: RowShare | None = None
    tokenizer: TokenizerSection = TokenizerSection()
    vectors: VectorSection | None = None
    masked_lm: MaskedLmSection
