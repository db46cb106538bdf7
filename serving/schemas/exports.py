"""What is handed out of review: figures, decisions, and statements of reasons."""

from enum import StrEnum

from pydantic import AwareDatetime, Field

from serving.schemas.stats import OverturnsOut, ProportionOut
from serving.schemas.wire import Wire


class ReportFormat(StrEnum):
    """How a report is written."""

    JSON = "json"
    CSV = "csv"


class PostFiguresOut(Wire):
    """Posts that came to be reviewed."""

    n_received: int
    by_origin: dict[str, int]
    n_flagged: int
    n_reported: int
    n_flagged_and_reported: int
    never_seen: ProportionOut = Field(description="In no case that a person has had.")
    n_copies_seen: int


class CaseFiguresOut(Wire):
    """Cases that were opened."""

    n_opened: int
    n_open: int
    by_origin: dict[str, int]
    by_source: dict[str, int] = Field(
        description="What brought them: machine, user_report, authority, or audit."
    )


class RequestFiguresOut(Wire):
    """Cases that users or an authority asked to look at."""

    n_cases: int
    n_open: int
    n_upheld: int
    n_dismissed: int
    outcomes: dict[str, int]
    on_time: ProportionOut = Field(description="Answered before their clock ran out.")


class DecisionCountOut(Wire):
    """How often this was decided."""

    label: str
    kind: str
    outcome: str
    reason_code: str
    n: int
    n_posts: int


class TimeFiguresOut(Wire):
    """How long decisions took."""

    n: int
    median_receipt_s: float | None = Field(description="From the first post's receipt.")
    median_lease_s: float | None = Field(description="From when somebody took it.")


class DecisionFiguresOut(Wire):
    """Decisions that settled a case."""

    n: int
    n_posts: int
    n_upheld: int
    n_dismissed: int
    n_protected: int = Field(description="Of opinion, satire or reporting.")
    reversed: ProportionOut
    n_reversals: int
    counts: list[DecisionCountOut]
    times: dict[str, TimeFiguresOut]


class AppealFiguresOut(Wire):
    """Appeals that were filed, and that were answered."""

    n_filed: int
    n_open: int
    answered: OverturnsOut


class ReportOut(Wire):
    """What was done in a time, of no person."""

    since: AwareDatetime
    until: AwareDatetime
    posts: PostFiguresOut
    cases: CaseFiguresOut
    requests: dict[str, RequestFiguresOut]
    decisions: DecisionFiguresOut
    appeals: AppealFiguresOut
    precision: dict[str, ProportionOut] = Field(
        description="Of flags that were drawn without regard to their priority."
    )
    missed: ProportionOut = Field(
        description="Of posts that were not flagged and drawn at random."
    )
    goldens: ProportionOut


class ExportedDecisionOut(Wire):
    """A decision, or an answer that settled nothing; of no person, without texts."""

    id: str
    case_id: str
    post_id: str
    kind: str
    outcome: str
    labels: list[str]
    clause: str | None
    reason_code: str
    stage: str
    is_final: bool
    is_blind: bool
    is_reversed: bool
    is_undone: bool = Field(description="Taken back by its own person: no answer.")
    reverses: str | None
    n_posts: int
    origin: str | None
    queue: str | None
    language: str | None
    flagged: list[str]
    drawn: str | None
    n_reports: int | None
    is_audit: bool
    scores: dict[str, float]
    model_digest: str
    policy_version: str
    review_policy_digest: str
    spent_s: float | None
    received_at: AwareDatetime | None
    taken_at: AwareDatetime | None
    created_at: AwareDatetime


class ExportedDecisionsOut(Wire):
    """Some decisions, oldest first."""

    decisions: list[ExportedDecisionOut]
    next_cursor: str | None


class StatementOut(Wire):
    """A statement of reasons, by the names of the DSA Transparency Database."""

    decision_visibility: list[str]
    decision_visibility_other: str | None = None
    decision_ground: str
    incompatible_content_ground: str
    incompatible_content_explanation: str
    content_type: list[str]
    category: str
    category_addition: list[str]
    category_specification: list[str]
    territorial_scope: list[str]
    content_language: str | None = None
    content_date: str
    application_date: str
    decision_facts: str
    source_type: str
    source_identity: str | None = None
    automated_detection: str
    automated_decision: str
    puid: str


class StatementsOut(Wire):
    """Some statements, oldest first."""

    statements: list[StatementOut]
    next_cursor: str | None
