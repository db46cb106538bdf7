"""Sending posts to be reviewed, and what became of them."""

from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    AnyHttpUrl,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
)
from pydantic_core import PydanticCustomError

from kiemtin.labels import Recommendation
from kiemtin.schemas import MAX_CHARS, ModelOut, ScoreOut
from serving.schemas.score import (
    MAX_ID_CHARS,
    MAX_TITLE_CHARS,
    MAX_URL_CHARS,
    FailedItemOut,
)
from serving.schemas.wire import Moment, UnicodeText, Wire

MAX_REPORTS = 100
"""Of one post in one request."""
MAX_NOTE_CHARS = 1_000

_CONTROL = "control_character"


def _without_nul(value: str) -> str:
    if "\0" in value:
        msg = "a NUL is in it, which not every database keeps"
        raise PydanticCustomError(_CONTROL, msg)
    return value


def _from_integer(value: object) -> object:
    is_integer = isinstance(value, int) and not isinstance(value, bool)
    return str(value) if is_integer else value


_Name = Annotated[UnicodeText, AfterValidator(_without_nul)]
_Id = Annotated[
    _Name,
    Field(min_length=1, max_length=MAX_ID_CHARS),
    BeforeValidator(_from_integer, json_schema_input_type=str | int),
]
_Url = Annotated[AnyHttpUrl, Field(max_length=MAX_URL_CHARS)]


class ReportIn(Wire):
    """What a user of the source said of a post. It never raises its score."""

    id: _Id | None = Field(
        default=None,
        description="The same report is counted once. Without it, reports that are "
        "equal in all else are told apart only within one request.",
    )
    reason: Annotated[_Name, Field(min_length=1, max_length=32)]
    note: Annotated[UnicodeText, Field(max_length=MAX_NOTE_CHARS)] | None = None
    at: Moment | None = None


class PostContextIn(Wire):
    """Where a post stood: shown to who reviews it, never scored or fetched."""

    title: Annotated[UnicodeText, Field(max_length=MAX_TITLE_CHARS)] | None = None
    parent_text: Annotated[UnicodeText, Field(max_length=MAX_CHARS)] | None = None
    posted_at: Moment | None = None
    url: _Url | None = None


class PostIn(Wire):
    """A post to be scored, stored, and reviewed if the review policy says so."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "source": "forum",
                    "external_id": "8713",
                    "text": "Trúng thưởng 50 triệu, bấm link nhập mã OTP",
                    "reports": [{"id": "r1", "reason": "scam"}],
                }
            ]
        }
    )

    text: UnicodeText = Field(description=f"At most {MAX_CHARS} characters.")
    source: Annotated[_Name, Field(min_length=1, max_length=64)] = Field(
        description="Where it comes from; with the next two it is the natural key."
    )
    external_id: _Id = Field(description="How the source knows it.")
    revision: Annotated[_Name, Field(max_length=64)] = Field(
        default="", description="Which text of it this is, if it was edited."
    )
    origin: Literal["pipeline", "user_report", "authority"] = Field(
        default="pipeline",
        description="Who wants it looked at. Each has a clock of its own; none raises "
        "the score or the place in the queue.",
    )
    reports: Annotated[list[ReportIn], Field(max_length=MAX_REPORTS)] = Field(
        default_factory=list
    )
    author_id: _Id | None = Field(
        default=None,
        description="Kept only as a keyed hash, so that no reviewer is served one "
        "person all day; nothing is ever counted by it.",
    )
    context: PostContextIn | None = None
    permalink: _Url | None = None
    posted_at: Moment | None = None
    store: StrictBool = Field(
        default=True, description="If false the post is scored, and nothing is kept."
    )


class PostsIn(Wire):
    """Posts that come together; each is checked alone."""

    items: list[object] = Field(
        json_schema_extra={"items": {"$ref": "#/components/schemas/PostIn"}}
    )


class AcceptedPostOut(Wire):
    """A post that is stored."""

    status: Literal["accepted"] = "accepted"
    id: str
    index: int
    repeated: bool = Field(description="Whether it was there already.")
    case_id: str | None = Field(description="The case that it belongs to, if any.")
    recommendation: Recommendation
    reports_added: int = Field(description="How many of its reports were not known.")


class ScoredPostOut(Wire):
    """A post that was scored with `store: false`; nothing of it is kept."""

    status: Literal["scored"] = "scored"
    id: None = None
    index: int
    score: ScoreOut


class PostsSummaryOut(Wire):
    """How many posts went which way; the repeated ones are among the accepted."""

    accepted: int
    repeated: int
    scored: int
    failed: int


class PostsAnswerOut(Wire):
    """One result for each post, in order, and by which model and policy."""

    results: list[
        Annotated[
            AcceptedPostOut | ScoredPostOut | FailedItemOut,
            Field(discriminator="status"),
        ]
    ]
    summary: PostsSummaryOut
    model: ModelOut
    policy_version: str
