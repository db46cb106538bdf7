"""A stored post."""

from typing import Literal

from pydantic import AwareDatetime, Field

from kiemtin.labels import Label, Recommendation
from serving.schemas.wire import Wire


class StandingOut(Wire):
    """What people decided on a post, and did not take back."""

    outcome: Literal[
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
    basis: Literal["reviewed", "copy"] = Field(
        description="`copy` if a person looked at a post that is nearly the same."
    )
    at: AwareDatetime


class PostOut(Wire):
    """
    A text that somebody asked us to keep, what we said about it, and what people did.

    What has nothing to say is left out: `case_id` and `state` without a case,
    `decision` where none stands, `forgotten` while the text is there.
    """

    id: str
    text: str | None
    """As it came; a NUL, which not every database keeps, is U+FFFD."""
    scores: dict[Label, float]
    recommendation: Recommendation
    model_digest: str
    policy_version: str
    created_at: AwareDatetime
    case_id: str | None = None
    state: Literal["open", "decided"] | None = None
    decision: StandingOut | None = None
    forgotten: bool = False
