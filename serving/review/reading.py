"""Who may read which decision."""

from serving.db import Case, Cases, Decision, Decisions, Session
from serving.errors import NotFoundError
from serving.review.outcomes import Stage, State
from serving.review.people import Reviewer


def read_decision(session: Session, who: Reviewer, decision_id: str) -> Decision:
    """
    Return a decision that *who* may read.

    Leads read all of their queues; others what they decided, and what is final where
    they are not to answer without seeing it.

    Raises:
        NotFoundError: If there is none.
    """
    decision = Decisions(session).get(decision_id)
    cases = Cases(session)
    case = cases.get(decision.case_id, who.queues, who.person) if decision else None
    if decision is None or case is None or not _is_shown(decision, case, who):
        msg = "no decision has this id"
        raise NotFoundError(msg)
    return decision


def _is_shown(decision: Decision, case: Case, who: Reviewer) -> bool:
    is_blind = case.state == State.OPEN and case.stage == Stage.SECOND
    if decision.person == who.person:
        return True
    return not is_blind and (decision.is_final or who.is_lead)
