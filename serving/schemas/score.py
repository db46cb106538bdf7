"""Asking for the score of one text, and the answer."""

from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    AnyHttpUrl,
    AwareDatetime,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
)
from pydantic_core import PydanticCustomError

from kiemtin.labels import Label
from kiemtin.schemas import MAX_CHARS, ErrorOut, ModelOut, ScoreOut
from serving.schemas.wire import UnicodeText, Wire, well_formed

MAX_ID_CHARS = 256
MAX_TITLE_CHARS = 1_000
MAX_URL_CHARS = 2_048


def _from_integer(value: object) -> object:
    is_integer = isinstance(value, int) and not isinstance(value, bool)
    return str(value) if is_integer else value


_NO_TIME = "datetime_type"


def _only_text(value: object) -> object:
    if isinstance(value, int | float):
        msg = "a time is text, as RFC 3339 writes it"
        raise PydanticCustomError(_NO_TIME, msg)
    return value


Id = Annotated[
    str,
    Field(min_length=1, max_length=MAX_ID_CHARS),
    AfterValidator(well_formed),
    BeforeValidator(_from_integer, json_schema_input_type=str | int),
]
"""The caller's name for a text; an integer becomes a string."""


class ContextIn(Wire):
    """Where a post stood. It is checked, but never scored, fetched or stored."""

    title: Annotated[str, Field(max_length=MAX_TITLE_CHARS)] | None = None
    parent_text: Annotated[str, Field(max_length=MAX_CHARS)] | None = None
    posted_at: Annotated[AwareDatetime, BeforeValidator(_only_text)] | None = None
    url: Annotated[AnyHttpUrl, Field(max_length=MAX_URL_CHARS)] | None = None


class ScoreIn(Wire):
    """A text to score."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"id": "42", "text": "Trúng thưởng 50 triệu, bấm link nhập mã OTP"}
            ]
        }
    )

    text: str = Field(description=f"At most {MAX_CHARS} characters.")
    id: Id | None = Field(
        default=None, description="Comes back with the answer; made up if absent."
    )
    labels: Annotated[list[Label], Field(min_length=1)] | None = Field(
        default=None, description="Answer for these only; for all if absent."
    )
    explain: StrictBool = Field(
        default=False, description="Say which words moved a score."
    )
    store: StrictBool = Field(
        default=False, description="Keep the text and its scores."
    )
    context: ContextIn | None = Field(
        default=None, description="Never scored, fetched or stored."
    )


class ScoreAnswerOut(ScoreOut):
    """What we say about one text, and by which model and policy."""

    model: ModelOut
    policy_version: str
    post_id: str | None = Field(
        default=None, description="Where the text was stored; absent if it was not."
    )


class BatchIn(Wire):
    """Texts to score together; each is checked alone."""

    items: list[object] = Field(
        json_schema_extra={"items": {"$ref": "#/components/schemas/ScoreIn"}}
    )


class ScoredItemOut(ScoreOut):
    """An item that was scored."""

    index: int
    status: Literal["ok"]
    post_id: str | None = None


class FailedItemOut(Wire):
    """An item that was not scored, and why."""

    status: Literal["error"]
    id: UnicodeText | None
    index: int
    error: ErrorOut


class SummaryOut(Wire):
    """How many items were scored and how many were not."""

    ok: int
    failed: int


class BatchAnswerOut(Wire):
    """One result for each item, in order, and by which model and policy."""

    results: list[
        Annotated[ScoredItemOut | FailedItemOut, Field(discriminator="status")]
    ]
    summary: SummaryOut
    model: ModelOut
    policy_version: str
