"""Getting cases to review, and what may be done with one but deciding it."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Body, Response

from serving.access.needs import needs
from serving.access.scopes import Scope
from serving.bodies import JsonRoute
from serving.deps import ReviewerDep, ReviewPolicyDep, ScaleDep, WorkDep
from serving.openapi import problems
from serving.review.desk import Desk, Lease
from serving.review.views import CaseView, view
from serving.routes.versions import ExpectedDep, tag
from serving.schemas.cases import (
    CaseOut,
    CommentIn,
    EscalateIn,
    LeaseIn,
    LeaseOut,
    NewCommentOut,
    NextIn,
    ReviewOut,
    SkipIn,
)

router = APIRouter(
    prefix="/v1",
    tags=["review"],
    route_class=JsonRoute,
    dependencies=[needs(Scope.REVIEW)],
)
_NOTHING: dict[int | str, dict[str, Any]] = {204: {"description": "Nothing waits."}}
_ACTS = problems(400, 404, 409, 412, 413, 415, 422, 503)


@router.post(
    "/reviews:next",
    summary="The next case to look at",
    response_model=ReviewOut,
    responses=_NOTHING | problems(400, 404, 409, 413, 415, 422, 503),
)
def next_review(
    work: WorkDep,
    policy: ReviewPolicyDep,
    who: ReviewerDep,
    scale: ScaleDep,
    response: Response,
    body: Annotated[NextIn | None, Body()] = None,
) -> ReviewOut | Response:
    """Claim what matters most, or a share at random; who has a case gets that again."""
    lease = Desk(work, policy).next(who, body.queues if body else None)
    if lease is None:
        return Response(status_code=204)
    shown = view(work.session, policy, who, lease.case_id, work.now, scale)
    tag(response, shown.version)
    return _review(lease, shown, work.now)


@router.post(
    "/cases/{case_id}/claim",
    summary="Claim one case",
    responses=problems(404, 409, 412, 503),
)
def claim_case(
    case_id: str,
    work: WorkDep,
    policy: ReviewPolicyDep,
    who: ReviewerDep,
    scale: ScaleDep,
    expected: ExpectedDep,
    response: Response,
) -> ReviewOut:
    """Claim this case and no other; who has it already gets the same lease."""
    lease = Desk(work, policy).claim(who, case_id, version=expected)
    shown = view(work.session, policy, who, case_id, work.now, scale)
    tag(response, shown.version)
    return _review(lease, shown, work.now)


@router.post("/cases/{case_id}/renew", summary="Keep a case", responses=_ACTS)
def renew_case(
    case_id: str,
    body: LeaseIn,
    work: WorkDep,
    policy: ReviewPolicyDep,
    who: ReviewerDep,
) -> LeaseOut:
    """Lengthen a lease, from now; to be done while somebody is looking."""
    lease = Desk(work, policy).renew(who, case_id, body.lease_token)
    return _lease(lease, work.now)


@router.post(
    "/cases/{case_id}/release",
    summary="Put a case back",
    status_code=204,
    responses=_ACTS,
)
def release_case(
    case_id: str,
    body: LeaseIn,
    work: WorkDep,
    policy: ReviewPolicyDep,
    who: ReviewerDep,
    expected: ExpectedDep,
) -> None:
    """Let the next person have the case at once."""
    Desk(work, policy).release(who, case_id, body.lease_token, version=expected)


@router.post(
    "/cases/{case_id}/skip",
    summary="Leave a case to others",
    status_code=204,
    responses=_ACTS,
)
def skip_case(
    case_id: str,
    body: SkipIn,
    work: WorkDep,
    policy: ReviewPolicyDep,
    who: ReviewerDep,
    expected: ExpectedDep,
) -> None:
    """Put the case back with a reason; the caller is not served it again."""
    Desk(work, policy).skip(
        who, case_id, body.lease_token, body.reason, version=expected
    )


@router.post(
    "/cases/{case_id}/escalate",
    summary="Leave a case to a lead",
    status_code=204,
    responses=_ACTS,
)
def escalate_case(
    case_id: str,
    body: EscalateIn,
    work: WorkDep,
    policy: ReviewPolicyDep,
    who: ReviewerDep,
    expected: ExpectedDep,
) -> None:
    """Let a lead decide the case, with a reason."""
    token = body.lease_token
    Desk(work, policy).escalate(
        who, case_id, token, body.reason, body.note, version=expected
    )


@router.post(
    "/cases/{case_id}/comments",
    summary="Note something on a case",
    status_code=201,
    responses=problems(400, 404, 413, 415, 422, 503),
)
def comment_on_case(
    case_id: str,
    body: CommentIn,
    work: WorkDep,
    policy: ReviewPolicyDep,
    who: ReviewerDep,
) -> NewCommentOut:
    """Write a note for those who come after; it takes no lease."""
    return NewCommentOut(id=Desk(work, policy).comment(who, case_id, body.text))


def _lease(lease: Lease, now: datetime) -> LeaseOut:
    # How the case was drawn is not told: golden items look like any other.
    return LeaseOut(
        case_id=lease.case_id,
        lease_token=lease.token,
        ends_at=lease.ends_at,
        remaining_s=(lease.ends_at - now).total_seconds(),
        is_blind=lease.is_blind,
    )


def _review(lease: Lease, shown: CaseView, now: datetime) -> ReviewOut:
    case = CaseOut.model_validate(shown, from_attributes=True)
    return ReviewOut(lease=_lease(lease, now), case=case)
