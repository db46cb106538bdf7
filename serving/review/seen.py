"""The parts of what a reviewer sees of a case."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from kiemtin.labels import Label
from serving.review.history import Event


@dataclass(frozen=True, slots=True)
class Mark:
    """A part of the text, in characters, that moved the score of *label*."""

    label: str
    start: int
    end: int
    text: str
    weight: float


@dataclass(frozen=True, slots=True)
class LabelShown:
    """
    What the model says of one label.

    The thresholds are None where the post was scored under another policy than that
    in force.
    """

    label: Label
    probability: float
    flagged: bool
    threshold: float | None
    urgent: float | None
    calibration: str | None


@dataclass(frozen=True, slots=True)
class Copy:
    """Another post that the decision is for."""

    id: str
    source: str | None
    posted_at: datetime | None


@dataclass(frozen=True, slots=True)
class Report:
    """What a user said of a post."""

    reason: str
    note: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Remark:
    """A comment on the case."""

    id: str
    person: str
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Answer:
    """An earlier decision on the case."""

    id: str
    kind: str
    outcome: str
    labels: Sequence[str]
    clause: str | None
    reason_code: str
    note: str | None
    stage: str
    is_final: bool
    reverses: str | None
    person: str
    at: datetime


@dataclass(frozen=True, slots=True)
class PriorityShown:
    """What the place of the case in its queue is made of: the product is ``value``."""

    value: float
    factors: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class LeaseShown:
    """That somebody has the case; only they see the token."""

    is_mine: bool
    token: int | None
    ends_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseView:
    """
    A case, as it is shown to one person at one moment.

    Attributes:
        text: None when it was forgotten.
        label: The one that weighs most.
        is_blind: Whether what the model says is hidden: then ``label``, ``labels`` and
            ``priority`` are None, and ``flagged`` and ``marks`` empty.
        copies: The other posts of the case, at most ``MOST_COPIES``.
        decisions: Empty while a second person is to answer without seeing the first.
    """

    id: str
    version: int
    state: str
    stage: str
    queue: str
    language: str
    post_id: str
    text: str | None
    context: Mapping[str, str] | None
    permalink: str | None
    source: str | None
    posted_at: datetime | None
    is_blind: bool
    label: str | None
    flagged: Sequence[str]
    labels: Sequence[LabelShown] | None
    marks: Sequence[Mark]
    priority: PriorityShown | None
    n_posts: int
    copies: Sequence[Copy]
    n_reports: int
    reports: Sequence[Report]
    origin: str
    origins: Mapping[str, int]
    clocks: Mapping[str, str]
    created_at: datetime
    deadline_at: datetime
    decided_at: datetime | None
    decision_id: str | None
    escalated: str | None
    lease: LeaseShown | None
    comments: Sequence[Remark]
    history: Sequence[Event]
    decisions: Sequence[Answer]
