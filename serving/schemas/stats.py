"""Load and agreement, in figures."""

from pydantic import AwareDatetime, Field

from kiemtin.labels import Label
from serving.schemas.wire import Wire


class AgeOut(Wire):
    """How many open cases are of an age."""

    under_s: float | None = Field(description="Null for all that are older.")
    n: int


class QueueLoadOut(Wire):
    """What waits in one queue, and what was done today."""

    queue: str
    open: int
    waiting: int
    """Of these, nobody has them just now."""
    held: int
    overdue: int
    adjudication: int
    """Of the open ones, they wait for a lead."""
    oldest_at: AwareDatetime | None
    oldest_age_s: float | None
    ages: list[AgeOut]
    clocks_overdue: dict[str, int] = Field(
        description="Open cases that owe an origin an answer for longer than allowed."
    )
    decisions_today: int
    """Since midnight, UTC."""
    median_s: float | None = Field(description="How long people looked at one today.")


class QueuesOut(Wire):
    """The load of all queues that the caller works in."""

    at: AwareDatetime
    queues: list[QueueLoadOut]


class AlphaOut(Wire):
    """Krippendorff's alpha, nominal."""

    n_pairs: int
    value: float | None = Field(
        description="1 agrees, 0 is chance; null where nothing varies."
    )


class ProportionOut(Wire):
    """A share."""

    n: int
    hits: int
    share: float | None
    interval: tuple[float, float] | None = Field(
        description="Where it lies with 95 % confidence, after Wilson."
    )


class PersonOut(Wire):
    """The work of one person."""

    person: str = Field(description="A pseudonym.")
    n_decisions: int
    n_days: int
    median_s: float | None
    alpha: AlphaOut
    golden: ProportionOut
    reversed: ProportionOut


class OverturnsOut(Wire):
    """Appeals that were answered, and how many were granted."""

    overall: ProportionOut
    labels: dict[str, ProportionOut]
    slices: dict[str, ProportionOut]


class AgreementOut(Wire):
    """How far people agreed in a time."""

    since: AwareDatetime
    until: AwareDatetime
    double_share: float = Field(description="What the policy has answered twice.")
    kinds: AlphaOut
    outcomes: AlphaOut
    labels: dict[Label, AlphaOut]
    people: list[PersonOut]
    precision: dict[Label, ProportionOut] = Field(
        description="Of flags in cases drawn at random, those that were upheld."
    )
    sources: dict[str, ProportionOut] = Field(
        description="Decisions that uphold, by what brought the case."
    )
    sight: dict[str, ProportionOut] = Field(
        description="First answers that agree with the model, `blind` and `seen`."
    )
    appeals: OverturnsOut
