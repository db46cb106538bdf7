"""Cases, and having one for a time."""

from typing import Annotated, Literal

from pydantic import AwareDatetime, ConfigDict, Field

from kiemtin.labels import Label
from kiemtin.schemas import ReasonOut
from serving.schemas.wire import UnicodeText, Wire

MAX_COMMENT_CHARS = 4_000
MAX_QUEUES = 64
_MAX_TOKEN = 2**31 - 1

State = Literal["open", "decided"]
Stage = Literal["first", "second", "adjudication"]
Origin = Literal["pipeline", "user_report", "authority"]
Token = Annotated[
    int,
    Field(ge=1, le=_MAX_TOKEN, strict=True, description="From the lease of the case."),
]
Code = Annotated[UnicodeText, Field(min_length=1, max_length=64)]
Note = Annotated[UnicodeText, Field(min_length=1, max_length=MAX_COMMENT_CHARS)]


class NextIn(Wire):
    """From which queues a case is wanted."""

    queues: Annotated[list[Code], Field(min_length=1, max_length=MAX_QUEUES)] | None = (
        Field(default=None, description="All that the key works in, if absent.")
    )


class LeaseIn(Wire):
    """Under which lease something is done."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"lease_token": 1}]})

    lease_token: Token


class SkipIn(LeaseIn):
    """Why a person does not want the case."""

    reason: Code = Field(description="One of the review policy's for `skip`.")


class EscalateIn(LeaseIn):
    """Why a lead should decide the case."""

    reason: Code = Field(description="One of the review policy's for `escalate`.")
    note: Note | None = Field(default=None, description="Becomes a comment.")


class CommentIn(Wire):
    """A note for those who come after."""

    text: Note


class LeaseOut(Wire):
    """That the caller has a case."""

    case_id: str
    lease_token: int = Field(description="Goes with whatever is done to the case.")
    ends_at: AwareDatetime
    remaining_s: float = Field(description="The same, for clocks that are wrong.")
    is_blind: bool = Field(description="Whether scores are hidden until the decision.")


class CaseLabelOut(Wire):
    """What the model says of one label."""

    label: Label
    probability: float
    flagged: bool
    threshold: float | None = Field(
        description="Null if the post was scored under another policy than today's."
    )
    urgent: float | None
    calibration: str | None


class CopyOut(Wire):
    """Another post that the decision is for."""

    id: str
    source: str | None
    posted_at: AwareDatetime | None


class ReportOut(Wire):
    """What a user said of a post."""

    reason: str
    note: str | None
    at: AwareDatetime


class CommentOut(Wire):
    """A comment on the case."""

    id: str
    person: str
    text: str
    at: AwareDatetime


class NewCommentOut(Wire):
    """A comment that was written."""

    id: str


class EventOut(Wire):
    """Something that was done to the case."""

    at: AwareDatetime
    person: str
    action: str
    reason: str | None


class AnswerOut(Wire):
    """An earlier decision on the case."""

    id: str
    kind: str
    outcome: str
    labels: list[str]
    clause: str | None
    reason_code: str
    note: str | None
    stage: str
    is_final: bool
    reverses: str | None
    person: str
    at: AwareDatetime


class PriorityOut(Wire):
    """What the place of the case in its queue is made of."""

    value: float = Field(description="The product of the factors.")
    factors: dict[str, float]


class CaseLeaseOut(Wire):
    """That somebody has the case."""

    is_mine: bool
    lease_token: int | None = Field(validation_alias="token")
    ends_at: AwareDatetime


class CaseLineOut(Wire):
    """A case in a list, without any text."""

    id: str
    version: int
    state: State
    stage: Stage
    queue: str
    label: Label | None
    flagged: list[Label]
    language: str
    origin: Origin
    n_posts: int
    n_reports: int
    created_at: AwareDatetime
    deadline_at: AwareDatetime
    decided_at: AwareDatetime | None
    is_held: bool
    is_mine: bool


class CasesOut(Wire):
    """A page of cases, newest first."""

    cases: list[CaseLineOut]
    next_cursor: str | None


class CaseOut(Wire):
    """All that a reviewer may see of a case."""

    id: str
    version: int
    state: State
    stage: Stage
    queue: str
    language: str
    post_id: str
    text: str | None = Field(description="Null when its time was over.")
    context: dict[str, str] | None
    permalink: str | None
    source: str | None
    posted_at: AwareDatetime | None
    is_blind: bool = Field(
        description="Whether what the model says is hidden: `label`, `labels` and "
        "`priority` are null then, `flagged` and `marks` empty."
    )
    label: Label | None
    flagged: list[Label]
    labels: list[CaseLabelOut] | None
    marks: list[ReasonOut]
    priority: PriorityOut | None
    n_posts: int
    copies: list[CopyOut] = Field(description="The first twenty.")
    n_reports: int
    reports: list[ReportOut] = Field(description="The last fifty.")
    origin: Origin
    origins: dict[Origin, int]
    clocks: dict[Origin, AwareDatetime] = Field(
        description="By when each origin is owed an answer; never a part of priority."
    )
    created_at: AwareDatetime
    deadline_at: AwareDatetime
    decided_at: AwareDatetime | None
    decision_id: str | None
    escalated: str | None
    lease: CaseLeaseOut | None
    comments: list[CommentOut]
    history: list[EventOut]
    decisions: list[AnswerOut] = Field(
        description="Empty while a second person is to answer without seeing the first."
    )


class ReviewOut(Wire):
    """A case that the caller has now."""

    lease: LeaseOut
    case: CaseOut
