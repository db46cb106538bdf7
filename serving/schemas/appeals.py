"""Appeals and their answers."""

from typing import Annotated, Literal

from pydantic import AwareDatetime, ConfigDict, Field

from serving.schemas.decisions import OutcomeIn
from serving.schemas.wire import UnicodeText, Wire

MAX_STATEMENT_CHARS = 4_000
MAX_REF_CHARS = 256

AppealState = Literal["open", "upheld", "overturned"]
Id = Annotated[UnicodeText, Field(min_length=1, max_length=64)]
Words = Annotated[UnicodeText, Field(min_length=1, max_length=MAX_STATEMENT_CHARS)]


class AppealIn(Wire):
    """Why a decision is wrong; it is named by its id or by that of a post."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"decision_id": "dec_1", "statement": "Đó là đùa, ai cũng biết."}
            ]
        }
    )

    decision_id: Id | None = None
    post_id: Id | None = Field(
        default=None, description="Instead: against what was decided on this post."
    )
    statement: Words
    external_ref: Annotated[UnicodeText, Field(max_length=MAX_REF_CHARS)] | None = (
        Field(default=None, description="What the caller calls it; comes back.")
    )


class AppealAnswerIn(Wire):
    """The answer to an appeal."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"outcome": "upheld", "answer": "Đã xem lại, vẫn vi phạm."}]
        }
    )

    outcome: Literal["upheld", "overturned"] = Field(
        description="Whether the decision stands, or is reversed."
    )
    answer: Words = Field(description="What those who filed it are told.")
    decision: OutcomeIn | None = Field(
        default=None, description="What takes the place of an overturned decision."
    )


class AppealOut(Wire):
    """An appeal, and its answer once there is one."""

    id: str
    decision_id: str
    case_id: str
    post_id: str
    external_ref: str | None
    statement: str
    filed_at: AwareDatetime
    state: AppealState
    version: int
    answer: str | None
    decided_at: AwareDatetime | None
    reversal_id: str | None = Field(description="What took the decision back.")
    filed_by: str | None = Field(description="A pseudonym; null for all but leads.")
    decided_by: str | None = Field(description="The same.")


class AppealsOut(Wire):
    """A page of appeals, newest first."""

    appeals: list[AppealOut]
    next_cursor: str | None
