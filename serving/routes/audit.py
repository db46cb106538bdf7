"""Who did what."""

from typing import Annotated

from fastapi import APIRouter, Query

from serving.access.needs import needs
from serving.access.scopes import Scope
from serving.cursors import read_number, write_cursor
from serving.db import Audit, Entry
from serving.deps import DatabaseDep
from serving.openapi import problems
from serving.schemas.audit import AuditEntryOut, AuditOut

router = APIRouter(prefix="/v1", tags=["audit"], dependencies=[needs(Scope.ADMIN)])


@router.get(
    "/audit", summary="Who did what, newest first", responses=problems(422, 503)
)
def read_audit(
    database: DatabaseDep,
    subject: Annotated[str | None, Query(max_length=64, pattern=r"^[\w.@-]*$")] = None,
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
) -> AuditOut:
    """Return the audit log, or what was done to one subject, page by page."""
    before = read_number(cursor) if cursor is not None else None
    with database.session() as session:
        found = Audit(session).page(subject=subject, before=before, limit=limit + 1)
    page = found[:limit]
    more = len(found) > limit
    return AuditOut(
        entries=[_out(x) for x in page],
        next_cursor=write_cursor(page[-1].position) if more else None,
    )


def _out(entry: Entry) -> AuditEntryOut:
    act = entry.act
    return AuditEntryOut(
        position=entry.position,
        at=act.at,
        actor=act.actor,
        action=act.action,
        subject=act.subject,
        detail=act.detail,
        digest=entry.digest,
    )
