"""What is scored, and the score object: the same from the API, the command line, the client."""

from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict, Field

from kiemtin.labels import Label, Recommendation

MAX_CHARS = 65_536
"""More characters than the longest post that Facebook takes (63,206)."""

NOT_VIETNAMESE = "not_vietnamese"


@dataclass(frozen=True, slots=True)
class Item:
    """One text to score."""

    id: str
    text: str
    explain: bool = False


class _Wire(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ReasonOut(_Wire):
    """
    A piece of the text that moved a score.

    ``start`` and ``end`` count characters of the original text; ``weight`` is how
    much lower the probability is without the piece.
    """

    label: Label
    start: int
    end: int
    text: str
    weight: float


class TextStateOut(_Wire):
    """How the text was read, and what of it was not."""

    truncated: bool
    """Whether anything was left out."""
    windows: int
    """How many windows were read."""
    windows_left_out: int
    tokens: int
    diacritic_ratio: float
    """The part of the words that carry a Vietnamese diacritic."""
    normalizations: dict[str, int]
    """How many edits each step of normalization made."""


class ScoreOut(_Wire):
    """What we say about one text."""

    id: str
    scores: dict[Label, float]
    flagged: dict[Label, bool]
    recommendation: Recommendation
    abstain: dict[Label, str] = Field(
        description="Of which labels nothing is concluded, and why: `not_vietnamese`, "
        "or `uncertain`, which is a score just below the threshold for review."
    )
    reasons: list[ReasonOut]
    text_state: TextStateOut


class ErrorOut(_Wire):
    """Why one item could not be scored."""

    code: str
    detail: str


class ModelOut(_Wire):
    """Which model scored."""

    name: str
    version: str
    digest: str
    calibration: dict[Label, str]
