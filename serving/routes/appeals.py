"""Appeals: filed, read, answered."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from serving.access.needs import needs
from serving.access.scopes import Scope
from serving.bodies import JsonRoute
from serving.cursors import read_place, write_cursor
from serving.db import Appeal, AppealFilter, Appeals
from serving.deps import DatabaseDep, ReviewerDep, ReviewPolicyDep, WorkDep
from serving.errors import InvalidFieldError, NotFoundError
from serving.openapi import problems
from serving.review.appealing import answer, file, file_for_post
from serving.review.people import Reviewer
from serving.routes.decisions import draft_of
from serving.routes.versions import ExpectedDep, tag
from serving.schemas.appeals import (
    AppealAnswerIn,
    AppealIn,
    AppealOut,
    AppealsOut,
    AppealState,
)

router = APIRouter(prefix="/v1/appeals", tags=["appeals"], route_class=JsonRoute)
_READERS = needs(Scope.APPEALS, Scope.LEAD)


@router.post(
    "",
    summary="Appeal against a decision",
    status_code=201,
    dependencies=[needs(Scope.APPEALS)],
    responses=problems(400, 404, 409, 413, 415, 422, 503),
)
def file_appeal(
    body: AppealIn, work: WorkDep, who: ReviewerDep, response: Response
) -> AppealOut:
    """Hold a standing decision to be wrong, so that another person looks again."""
    if (body.decision_id is None) == (body.post_id is None):
        msg = "/decision_id: either this or /post_id is needed, and not both"
        raise InvalidFieldError(msg)
    words = body.statement, body.external_ref, who.person
    if body.decision_id is not None:
        filed = file(work, body.decision_id, *words)
    else:
        filed = file_for_post(work, body.post_id or "", *words)
    tag(response, filed.version)
    return _shown(filed, who)


@router.get(
    "",
    summary="Appeals, newest first",
    dependencies=[_READERS],
    responses=problems(422, 503),
)
def list_appeals(
    database: DatabaseDep,
    who: ReviewerDep,
    state: AppealState | None = None,
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
) -> AppealsOut:
    """Return the appeals that the caller filed; to leads, all of their queues."""
    after = read_place(cursor) if cursor is not None else None
    with database.session() as session:
        found = Appeals(session).page(_theirs(who, state), after, limit + 1)
    page, more = found[:limit], len(found) > limit
    return AppealsOut(
        appeals=[_shown(x, who) for x in page],
        next_cursor=write_cursor(page[-1].filed_at, page[-1].id) if more else None,
    )


@router.get(
    "/{appeal_id}",
    summary="Read an appeal",
    dependencies=[_READERS],
    responses=problems(404, 503),
)
def read_appeal(
    appeal_id: str, database: DatabaseDep, who: ReviewerDep, response: Response
) -> AppealOut:
    """Return an appeal with its answer, if there is one."""
    with database.session() as session:
        found = Appeals(session).find(appeal_id, _theirs(who))
    if found is None:
        msg = "no appeal has this id"
        raise NotFoundError(msg)
    tag(response, found.version)
    return _shown(found, who)


@router.post(
    "/{appeal_id}/decision",
    summary="Answer an appeal",
    dependencies=[needs(Scope.LEAD)],
    responses=problems(400, 404, 409, 412, 413, 415, 422, 503),
)
def answer_appeal(
    appeal_id: str,
    body: AppealAnswerIn,
    work: WorkDep,
    policy: ReviewPolicyDep,
    who: ReviewerDep,
    expected: ExpectedDep,
    response: Response,
) -> AppealOut:
    """Let the decision stand, or overturn it, perhaps with another in its place."""
    done = answer(
        work,
        policy,
        who,
        appeal_id,
        body.outcome,
        body.answer,
        draft_of(body.decision) if body.decision else None,
        version=expected,
    )
    tag(response, done.version)
    return _shown(done, who)


def _theirs(who: Reviewer, state: str | None = None) -> AppealFilter:
    filed_by = None if who.is_lead else who.person
    queues = who.queues if who.is_lead else None
    return AppealFilter(state=state, filed_by=filed_by, queues=queues)


def _shown(appeal: Appeal, who: Reviewer) -> AppealOut:
    shown = {x: getattr(appeal, x) for x in AppealOut.model_fields}
    if not who.is_lead:
        shown |= {"filed_by": None, "decided_by": None}
    return AppealOut.model_validate(shown)
