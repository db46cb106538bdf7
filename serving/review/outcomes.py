"""The closed sets of what people do with a case."""

from enum import StrEnum


class Kind(StrEnum):
    """What a decision says of the flag."""

    UPHOLD = "uphold"
    DISMISS = "dismiss"
    REVERSE = "reverse"
    """Takes an earlier one back."""


class Outcome(StrEnum):
    """What a decision recommends, or why there is nothing to do."""

    TAKEDOWN = "takedown"
    LABEL = "label"
    REDUCE = "reduce"
    CORRECT = "correct"

    BENIGN = "benign"
    OPINION = "opinion"
    SATIRE = "satire"
    REPORTING = "reporting"
    OUTDATED = "outdated"
    """True when it was written."""
    INSUFFICIENT = "insufficient"
    """Not enough information to decide."""

    REVERSE = "reverse"


UPHOLDING = (Outcome.TAKEDOWN, Outcome.LABEL, Outcome.REDUCE, Outcome.CORRECT)
DISMISSING = (
    Outcome.BENIGN,
    Outcome.OPINION,
    Outcome.SATIRE,
    Outcome.REPORTING,
    Outcome.OUTDATED,
    Outcome.INSUFFICIENT,
)
PROTECTED = (Outcome.OPINION, Outcome.SATIRE, Outcome.REPORTING)
"""Dismissals that say that the post is protected speech."""


class Origin(StrEnum):
    """How a post came to us; never a reason to score it higher."""

    PIPELINE = "pipeline"
    USER_REPORT = "user_report"
    AUTHORITY = "authority"


class Stage(StrEnum):
    """Whose answer a case waits for."""

    FIRST = "first"
    SECOND = "second"
    """That of another person, who does not see the first one."""
    ADJUDICATION = "adjudication"
    """That of a lead: two disagreed, or somebody asked for one."""


class State(StrEnum):
    """Whether a case waits for anybody."""

    OPEN = "open"
    DECIDED = "decided"


def kind_of(outcome: Outcome) -> Kind:
    """Return what *outcome* says of the flag."""
    if outcome is Outcome.REVERSE:
        return Kind.REVERSE
    return Kind.UPHOLD if outcome in UPHOLDING else Kind.DISMISS
