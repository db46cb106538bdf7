"""Whether an answer settles a case, or another person is asked."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from serving.db import Case, Decision
from serving.errors import ForbiddenError, OwnDecisionError
from serving.review.outcomes import Outcome, Stage, kind_of
from serving.review.people import Reviewer

DOUBLE = "double"
"""The fact that says, of a first answer, whether a second one was drawn for."""


@dataclass(frozen=True, slots=True)
class Settled:
    """
    What an answer does to its case.

    Attributes:
        is_final: Whether it is the decision.
        next_stage: Whose answer the case waits for; None if it is closed.
        is_double: Whether a second answer was drawn for.
    """

    is_final: bool
    next_stage: Stage | None
    is_double: bool = False


def settle(
    case: Case, given: Sequence[Decision], outcome: Outcome, *, is_double: bool
) -> Settled:
    """
    Return what an answer does to *case*.

    Args:
        case: As it is before it.
        given: The answers that count already.
        outcome: What it says.
        is_double: Whether two people are to answer.
    """
    if case.golden_id is not None:
        return Settled(is_final=False, next_stage=None)
    if case.stage == Stage.FIRST and is_double:
        return Settled(is_final=False, next_stage=Stage.SECOND, is_double=True)
    if case.stage == Stage.SECOND and not _agrees(given[-1], outcome):
        return Settled(is_final=False, next_stage=Stage.ADJUDICATION)
    return Settled(is_final=True, next_stage=None)


def draw_double(history: Sequence[Decision], share: float, chance: Random) -> bool:
    """
    Say whether two people are to answer a case that has this *history*.

    It is drawn once for each case: who takes an answer back and gives it again cannot
    draw another lot.
    """
    drawn = [x.facts[DOUBLE] for x in history if DOUBLE in x.facts]
    return bool(drawn[-1]) if drawn else chance.random() < share


def check_other(case: Case, given: Sequence[Decision], who: Reviewer) -> None:
    """
    Let *who* be one who may give the next answer.

    Raises:
        OwnDecisionError: If they gave one of those before it.
        ForbiddenError: If it is for a lead to give.
    """
    if who.person in {x.person for x in given}:
        msg = "the case waits for the answer of another person"
        raise OwnDecisionError(msg)
    if case.stage == Stage.ADJUDICATION and not who.is_lead:
        msg = "the case waits for a lead"
        raise ForbiddenError(msg)


def _agrees(first: Decision, outcome: Outcome) -> bool:
    return (first.kind, first.outcome) == (kind_of(outcome), outcome)
