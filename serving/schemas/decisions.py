"""Decisions on cases, their reversal, and golden items."""

from typing import Annotated, Literal

from pydantic import AwareDatetime, ConfigDict, Field
from pydantic.config import JsonDict

from kiemtin.labels import Label
from serving.schemas.cases import Code, LeaseIn, Note, Stage
from serving.schemas.wire import Wire

MAX_LABELS = len(Label)
_MAX_SPENT_S = 86_400

Outcome = Literal[
    "takedown",
    "label",
    "reduce",
    "correct",
    "benign",
    "opinion",
    "satire",
    "reporting",
    "outdated",
    "insufficient",
]
UPHELD: JsonDict = {
    "outcome": "takedown",
    "labels": ["scam"],
    "clause": "scam.fraud",
    "reason_code": "clear_violation",
}


class OutcomeIn(Wire):
    """What is decided, and why."""

    model_config = ConfigDict(json_schema_extra={"examples": [UPHELD]})

    outcome: Outcome
    labels: list[Label] = Field(
        default=[],
        max_length=MAX_LABELS,
        description="Those that are right; only where the flag is upheld.",
    )
    clause: Code | None = Field(
        default=None, description="What the post breaks; only where it is upheld."
    )
    reason_code: Code = Field(description="One of the review policy's for the outcome.")
    note: Note | None = Field(
        default=None, description="In words; some reasons ask for it."
    )


class DecisionIn(LeaseIn, OutcomeIn):
    """A decision on a case that the caller has."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"lease_token": 1, **UPHELD}]}
    )

    spent_s: float | None = Field(
        default=None,
        ge=0,
        le=_MAX_SPENT_S,
        allow_inf_nan=False,
        description="How long the caller looked at it.",
    )


class DecidedOut(Wire):
    """What became of a decision."""

    id: str
    case_id: str
    is_final: bool = Field(description="False if another person answers, too.")
    next_stage: Stage | None = Field(description="Null if the case is closed.")


class DecisionOut(Wire):
    """A decision, and what it rests on."""

    id: str
    case_id: str
    post_id: str
    kind: Literal["uphold", "dismiss", "reverse"]
    outcome: Outcome | Literal["reverse"]
    labels: list[Label]
    clause: str | None
    reason_code: str
    note: str | None
    stage: Stage | Literal["golden", "appeal"]
    is_final: bool
    is_blind: bool
    reverses: str | None = Field(description="The decision that this one takes back.")
    reversed_by: str | None
    is_mine: bool
    person: str | None = Field(description="A pseudonym; null for all but leads.")
    n_posts: int = Field(description="How many copies it is for.")
    text_digest: str
    model_digest: str
    policy_version: str
    review_policy_digest: str
    scores: dict[Label, float]
    at: AwareDatetime


class ReverseIn(Wire):
    """Why a decision is taken back."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"reason_code": "reviewed_again"}]}
    )

    reason_code: Code = Field(description="One of the review policy's for `reverse`.")
    note: Note | None = None
    reopen: bool = Field(
        default=True, description="Whether the case is to be decided anew."
    )


class GoldenIn(Wire):
    """Of which case a golden item is made."""

    case_id: Annotated[str, Field(min_length=1, max_length=64)]


class GoldenOut(Wire):
    """A golden item, without its text."""

    id: str
    queue: str
    post_id: str
    kind: Literal["uphold", "dismiss"]
    labels: list[Label]
    made_by: str
    created_at: AwareDatetime
    retired_at: AwareDatetime | None


class GoldensOut(Wire):
    """A page of golden items, newest first."""

    goldens: list[GoldenOut]
    next_cursor: str | None
