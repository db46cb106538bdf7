"""How posts are reviewed."""

from kiemtin.labels import Label, Recommendation
from serving.schemas.wire import Wire


class QueueOut(Wire):
    """Where cases wait together; a rule that is empty holds for all."""

    name: str
    vi: str
    en: str
    labels: list[Label]
    languages: list[str]
    recommendations: list[Recommendation]


class ClauseOut(Wire):
    """A rule that a post may break; a decision to uphold names one."""

    code: str
    labels: list[Label]
    vi: str
    en: str


class ReasonCodeOut(Wire):
    """Why something may be decided, skipped or escalated."""

    code: str
    outcomes: list[str]
    vi: str
    en: str
    note: bool
    """Whether it must be said in words, too."""


class ReviewPolicyOut(Wire):
    """The review policy, as its file says it."""

    version: str
    digest: str
    """Stands in every decision."""
    opening: dict[str, bool | int | float]
    deadline_h: dict[str, int | float]
    clock_h: dict[str, int | float]
    priority: dict[str, int | float]
    cluster: dict[str, int | float]
    lease: dict[str, int | float]
    shares: dict[str, int | float]
    queues: list[QueueOut]
    """A case goes to the first whose rules all hold."""
    clauses: list[ClauseOut]
    reasons: list[ReasonCodeOut]


class PoliciesOut(Wire):
    """The policies in force."""

    review: ReviewPolicyOut
