"""Cases: which there are, and all of one."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Query, Response

from kiemtin.labels import Label
from serving.access.needs import needs
from serving.access.scopes import Scope
from serving.cursors import read_place, write_cursor
from serving.db import Case, CaseFilter, Cases, Leases
from serving.deps import DatabaseDep, ReviewerDep, ReviewPolicyDep, ScaleDep, WorkDep
from serving.errors import NotFoundError
from serving.openapi import problems
from serving.review.outcomes import Origin, State
from serving.review.people import Reviewer
from serving.review.views import read
from serving.routes.versions import tag
from serving.schemas.cases import CaseLineOut, CaseOut, CasesOut

router = APIRouter(
    prefix="/v1/cases", tags=["review"], dependencies=[needs(Scope.REVIEW)]
)


@router.get("", summary="Cases, newest first", responses=problems(404, 422, 503))
def list_cases(
    database: DatabaseDep,
    who: ReviewerDep,
    queue: str | None = None,
    state: State | None = None,
    label: Label | None = None,
    origin: Origin | None = None,
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
) -> CasesOut:
    """Return the cases of the caller's queues, page by page, without their texts."""
    which = CaseFilter(
        queues=_chosen(who, queue), state=state, label=label, origin=origin
    )
    after = read_place(cursor) if cursor is not None else None
    now = datetime.now(UTC)
    with database.session() as session:
        found = Cases(session).list(which, who.person, after, limit + 1)
        blind = Leases(session).blind_to(who.person, now)
    page = found[:limit]
    more = len(found) > limit
    return CasesOut(
        cases=[_line(x, who, now, is_blind=x.id in blind) for x in page],
        next_cursor=write_cursor(page[-1].created_at, page[-1].id) if more else None,
    )


@router.get("/{case_id}", summary="Read a case", responses=problems(404, 503))
def read_case(
    case_id: str,
    work: WorkDep,
    policy: ReviewPolicyDep,
    who: ReviewerDep,
    scale: ScaleDep,
    response: Response,
) -> CaseOut:
    """Return a case with its text; that it was read is written to the audit log."""
    shown = read(work, policy, who, case_id, scale)
    tag(response, shown.version)
    return CaseOut.model_validate(shown, from_attributes=True)


def _chosen(who: Reviewer, queue: str | None) -> frozenset[str] | None:
    if queue is None:
        return who.queues
    if not who.works_in(queue) or "\0" in queue:
        msg = "no such queue"
        raise NotFoundError(msg)
    return frozenset({queue})


def _line(case: Case, who: Reviewer, now: datetime, *, is_blind: bool) -> CaseLineOut:
    return CaseLineOut(
        id=case.id,
        version=case.version,
        state=case.state,
        stage=case.stage,
        queue=case.queue,
        label=None if is_blind else case.label,
        flagged=[] if is_blind else case.flagged,
        language=case.language,
        origin=case.origin,
        n_posts=case.n_posts,
        n_reports=case.n_reports,
        created_at=case.created_at,
        deadline_at=case.deadline_at,
        decided_at=case.decided_at,
        is_held=case.is_held(now),
        is_mine=case.is_held_by(who.person, now),
    )
