"""The numbers of a transparency report."""

from dataclasses import dataclass
from datetime import datetime

from serving.review.counting import Proportion
from serving.review.overturns import Overturns


@dataclass(frozen=True, slots=True, kw_only=True)
class PostFigures:
    """
    Posts that came to be reviewed.

    Attributes:
        by_origin: ``pipeline``, ``user_report`` or ``authority``.
        n_flagged: Those that the model recommended to look at.
        n_reported: Posts that users reported in that time.
        n_flagged_and_reported: Those of them that are flagged, too.
        never_seen: Those in no case that a person has had.
        n_copies_seen: Those that were seen only as a copy of another one.
    """

    n_received: int
    by_origin: dict[str, int]
    n_flagged: int
    n_reported: int
    n_flagged_and_reported: int
    never_seen: Proportion
    n_copies_seen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFigures:
    """Cases that were opened; ``by_source`` says by what: the machine, or people."""

    n_opened: int
    n_open: int
    by_origin: dict[str, int]
    by_source: dict[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestFigures:
    """
    Cases of the time that users or an authority asked to look at.

    Attributes:
        outcomes: What they were answered, by the decision that stands.
        on_time: Those with an answer that was given before their clock ran out.
    """

    n_cases: int
    n_open: int
    n_upheld: int
    n_dismissed: int
    outcomes: dict[str, int]
    on_time: Proportion


@dataclass(frozen=True, slots=True)
class DecisionCount:
    """How often this was decided; one that upholds several labels counts for each."""

    label: str
    kind: str
    outcome: str
    reason_code: str
    n: int
    n_posts: int


@dataclass(frozen=True, slots=True)
class TimeFigures:
    """How long decisions took, from the receipt of a post and from who took it."""

    n: int
    median_receipt_s: float | None
    median_lease_s: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionFigures:
    """
    Decisions that settled a case, without those on random posts and golden items.

    Attributes:
        n_posts: For how many posts, copies counted.
        n_protected: Those that found protected speech: opinion, satire or reporting.
        reversed: Those of them that were taken back since.
        n_reversals: Decisions that were taken back in that time, whenever made.
        counts: By label, outcome and reason.
        times: For ``all`` and by origin.
    """

    n: int
    n_posts: int
    n_upheld: int
    n_dismissed: int
    n_protected: int
    reversed: Proportion
    n_reversals: int
    counts: tuple[DecisionCount, ...]
    times: dict[str, TimeFigures]


@dataclass(frozen=True, slots=True, kw_only=True)
class AppealFigures:
    """Appeals: those filed in that time, and those answered in it."""

    n_filed: int
    n_open: int
    answered: Overturns


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """
    What was done from *since* to before *until*.

    Attributes:
        requests: For ``user_report`` and ``authority``.
        precision: Of flags, by label and for ``all``: those that a standing decision
            upheld, of cases that were drawn without regard to their priority.
        missed: Of posts that were drawn at random and not flagged: those that should
            have been.
        goldens: Answers to posts whose answer is known, and those that are right.
    """

    since: datetime
    until: datetime
    posts: PostFigures
    cases: CaseFigures
    requests: dict[str, RequestFigures]
    decisions: DecisionFigures
    appeals: AppealFigures
    precision: dict[str, Proportion]
    missed: Proportion
    goldens: Proportion
