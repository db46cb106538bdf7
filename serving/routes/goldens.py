"""Golden items: made of decided cases, listed, retired."""

from typing import Annotated

from fastapi import APIRouter, Query

from serving.access.needs import needs
from serving.access.scopes import Scope
from serving.bodies import JsonRoute
from serving.cursors import read_place, write_cursor
from serving.db import Golden, Goldens
from serving.deps import DatabaseDep, ReviewerDep, WorkDep
from serving.openapi import problems
from serving.review import goldens
from serving.schemas.decisions import GoldenIn, GoldenOut, GoldensOut

router = APIRouter(
    prefix="/v1/goldens",
    tags=["review"],
    route_class=JsonRoute,
    dependencies=[needs(Scope.LEAD)],
)


@router.post(
    "",
    summary="Make a golden item",
    status_code=201,
    responses=problems(400, 404, 409, 413, 415, 422, 503),
)
def make_golden(body: GoldenIn, work: WorkDep, who: ReviewerDep) -> GoldenOut:
    """Copy a decided case, to be given to people who do not know that it was."""
    return _shown(goldens.make(work, who, body.case_id))


@router.get("", summary="Golden items, newest first", responses=problems(422, 503))
def list_goldens(
    database: DatabaseDep,
    who: ReviewerDep,
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
) -> GoldensOut:
    """Return the golden items of the caller's queues, retired ones too."""
    after = read_place(cursor) if cursor is not None else None
    with database.session() as session:
        found = Goldens(session).page(who.queues, after, limit + 1)
    page, more = found[:limit], len(found) > limit
    return GoldensOut(
        goldens=[_shown(x) for x in page],
        next_cursor=write_cursor(page[-1].created_at, page[-1].id) if more else None,
    )


@router.post(
    "/{golden_id}/retire", summary="Retire a golden item", responses=problems(404, 503)
)
def retire_golden(golden_id: str, work: WorkDep, who: ReviewerDep) -> GoldenOut:
    """Give the item to nobody any more; answers to it still count."""
    return _shown(goldens.retire(work, who, golden_id))


def _shown(golden: Golden) -> GoldenOut:
    return GoldenOut.model_validate(
        {x: getattr(golden, x) for x in GoldenOut.model_fields}
    )
