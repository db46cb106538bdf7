"""Decisions: made, read, taken back."""

from datetime import datetime
from typing import Any

from fastapi import APIRouter, Response

from serving.access.needs import needs
from serving.access.scopes import Scope
from serving.bodies import JsonRoute
from serving.db import Decision, Decisions, Session
from serving.deps import DatabaseDep, ReviewerDep, ReviewPolicyDep, WorkDep
from serving.openapi import problems
from serving.review.deciding import GOLDEN, Draft, decide
from serving.review.lending import Lease
from serving.review.outcomes import Outcome, Stage
from serving.review.people import Reviewer
from serving.review.reading import read_decision
from serving.review.reversing import reverse, undo
from serving.routes.versions import ExpectedDep
from serving.schemas.cases import LeaseOut
from serving.schemas.decisions import (
    DecidedOut,
    DecisionIn,
    DecisionOut,
    OutcomeIn,
    ReverseIn,
)

router = APIRouter(prefix="/v1", tags=["review"], route_class=JsonRoute)
_ACTS = problems(400, 404, 409, 412, 413, 415, 422, 503)
_REPLAYED: dict[int | str, dict[str, Any]] = {
    200: {"model": DecidedOut, "description": "It was made before."}
}


@router.post(
    "/cases/{case_id}/decisions",
    summary="Decide a case",
    status_code=201,
    dependencies=[needs(Scope.REVIEW)],
    responses=_REPLAYED | _ACTS,
)
def decide_case(
    case_id: str,
    body: DecisionIn,
    work: WorkDep,
    policy: ReviewPolicyDep,
    who: ReviewerDep,
    expected: ExpectedDep,
    response: Response,
) -> DecidedOut:
    """Decide a case that the caller has; the same again changes nothing."""
    draft = draft_of(body, body.lease_token, body.spent_s)
    done = decide(work, policy, who, case_id, draft, version=expected)
    if done.replayed:
        response.status_code = 200
    return DecidedOut(
        id=done.decision_id,
        case_id=case_id,
        is_final=done.is_final,
        next_stage=done.stage_next and done.stage_next.value,
    )


@router.get(
    "/decisions/{decision_id}",
    summary="Read a decision",
    dependencies=[needs(Scope.REVIEW)],
    responses=problems(404, 503),
)
def get_decision(
    decision_id: str, database: DatabaseDep, who: ReviewerDep
) -> DecisionOut:
    """Return a decision; those of others as soon as they are final."""
    with database.session() as session:
        return _shown(session, read_decision(session, who, decision_id), who)


@router.post(
    "/decisions/{decision_id}/reverse",
    summary="Reverse a decision",
    status_code=201,
    dependencies=[needs(Scope.LEAD)],
    responses=_ACTS,
)
def reverse_decision(
    decision_id: str,
    body: ReverseIn,
    work: WorkDep,
    policy: ReviewPolicyDep,
    who: ReviewerDep,
) -> DecisionOut:
    """Take a standing decision back, for all copies, by another one that says so."""
    reversal_id = reverse(
        work,
        policy,
        who,
        decision_id,
        body.reason_code,
        body.note,
        reopen=body.reopen,
    )
    reversal = read_decision(work.session, who, reversal_id)
    return _shown(work.session, reversal, who)


@router.post(
    "/decisions/{decision_id}/undo",
    summary="Undo an own decision",
    dependencies=[needs(Scope.REVIEW)],
    responses=problems(404, 409, 503),
)
def undo_decision(
    decision_id: str, work: WorkDep, policy: ReviewPolicyDep, who: ReviewerDep
) -> LeaseOut:
    """Take back what the caller decided minutes ago; they have the case again."""
    return _lease(undo(work, policy, who, decision_id), work.now)


def draft_of(said: OutcomeIn, token: int = 0, spent_s: float | None = None) -> Draft:
    """Return what was sent as a draft."""
    return Draft(
        token=token,
        outcome=Outcome(said.outcome),
        labels=said.labels,
        clause=said.clause,
        reason_code=said.reason_code,
        note=said.note,
        spent_s=spent_s,
    )


def _shown(session: Session, decision: Decision, who: Reviewer) -> DecisionOut:
    reversal = Decisions(session).reversal_of(decision.id)
    shown = {x: getattr(decision, x, None) for x in DecisionOut.model_fields}
    if decision.stage == GOLDEN and not who.is_lead:
        # It looks like any other, also afterwards.
        shown |= {"stage": Stage.FIRST.value, "is_final": True}
    is_mine = decision.person == who.person
    return DecisionOut.model_validate(
        shown
        | {
            "reversed_by": reversal and reversal.id,
            "is_mine": is_mine,
            "person": decision.person if who.is_lead or is_mine else None,
            "at": decision.created_at,
        }
    )


def _lease(lease: Lease, now: datetime) -> LeaseOut:
    return LeaseOut(
        case_id=lease.case_id,
        lease_token=lease.token,
        ends_at=lease.ends_at,
        remaining_s=(lease.ends_at - now).total_seconds(),
        is_blind=lease.is_blind,
    )
