"""What is handed out of review, without texts and persons."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from fastapi.responses import JSONResponse, PlainTextResponse

from serving.access.needs import needs
from serving.access.scopes import Scope
from serving.cursors import read_place, write_cursor
from serving.db import Database
from serving.db.exports import DecisionFact, Exports
from serving.deps import DatabaseDep, PrincipalDep, ReviewPolicyDep
from serving.errors import InvalidFieldError
from serving.openapi import problems
from serving.review.rows import report_csv
from serving.review.statements import TERRITORIES, statement_of
from serving.review.transparency import report
from serving.routes.periods import Period, PeriodDep
from serving.schemas.exports import (
    ExportedDecisionOut,
    ExportedDecisionsOut,
    ReportFormat,
    ReportOut,
    StatementOut,
    StatementsOut,
)

router = APIRouter(prefix="/v1", tags=["exports"])

Limit = Annotated[int, Query(ge=1, le=100)]
_FACTS = ("origin", "queue", "language", "drawn", "n_reports")
_CSV = "text/csv"


@router.get(
    "/reports/transparency",
    summary="What was done, in figures",
    dependencies=[needs(Scope.EXPORT, Scope.LEAD)],
    response_model=ReportOut,
    responses={**problems(422, 503), 200: {"content": {_CSV: {}}}},
)
def read_report(
    database: DatabaseDep,
    who: PrincipalDep,
    period: PeriodDep,
    form: Annotated[ReportFormat, Query(alias="format")] = ReportFormat.JSON,
) -> Response:
    """Return what was done in a time: counts, times, shares with their intervals."""
    with database.session() as session:
        made = report(session, period.since, period.until)
    _note(database, who.person, "transparency", period, format=form.value)
    if form is ReportFormat.CSV:
        name = f'attachment; filename="transparency-{period.until:%Y-%m-%d}.csv"'
        return PlainTextResponse(
            report_csv(made), headers={"Content-Disposition": name}, media_type=_CSV
        )
    shown = ReportOut.model_validate(made, from_attributes=True)
    return Response(shown.model_dump_json(), media_type="application/json")


@router.get(
    "/exports/decisions",
    summary="Decisions, oldest first",
    dependencies=[needs(Scope.EXPORT)],
    responses=problems(422, 503),
)
def export_decisions(
    database: DatabaseDep,
    who: PrincipalDep,
    period: PeriodDep,
    cursor: str | None = None,
    limit: Limit = 50,
) -> ExportedDecisionsOut:
    """Return what was decided, with reversals and the answers that settled nothing."""
    after = read_place(cursor) if cursor is not None else None
    with database.session() as session:
        found = Exports(session).decision_page(
            period.since, period.until, after, limit + 1
        )
    page = found[:limit]
    _note(database, who.person, "decisions", period, n=len(page))
    more = len(found) > limit
    return ExportedDecisionsOut(
        decisions=[_decision(x) for x in page],
        next_cursor=write_cursor(page[-1].created_at, page[-1].id) if more else None,
    )


@router.get(
    "/exports/statements",
    summary="Statements of reasons, oldest first",
    dependencies=[needs(Scope.EXPORT)],
    response_model=StatementsOut,
    responses=problems(422, 503),
)
def export_statements(
    database: DatabaseDep,
    who: PrincipalDep,
    policy: ReviewPolicyDep,
    period: PeriodDep,
    territory: Annotated[list[str], Query(max_length=len(TERRITORIES))] = [],  # noqa: B006 -- FastAPI copies it
    cursor: str | None = None,
    limit: Limit = 50,
) -> Response:
    """Return a statement for each post that a standing decision restricts since then."""
    scope = _scope(territory)
    after = read_place(cursor) if cursor is not None else None
    with database.session() as session:
        found = Exports(session).restrictions(
            period.since, period.until, after, limit + 1
        )
    page = found[:limit]
    _note(database, who.person, "statements", period, n=len(page))
    made = [
        StatementOut.model_validate(
            statement_of(x, policy, scope), from_attributes=True
        )
        for x in page
    ]
    more = len(found) > limit
    return JSONResponse(
        {
            # What a statement has no need of is left out, as it is to be sent on.
            "statements": [x.model_dump(exclude_none=True) for x in made],
            "next_cursor": write_cursor(*page[-1].place) if more else None,
        }
    )


def _scope(territory: list[str]) -> list[str]:
    wanted = set(territory)
    if not wanted <= set(TERRITORIES):
        msg = "/query/territory: not a country of the European Economic Area"
        raise InvalidFieldError(msg)
    return [x for x in TERRITORIES if not wanted or x in wanted]


def _note(
    database: Database, person: str, what: str, period: Period, **detail: str | int
) -> None:
    # Not one transaction with the reading, which may take its time.
    with database.work(person) as work:
        work.note("export.read", what, period=str(period), **detail)
        work.commit()


def _decision(made: DecisionFact) -> ExportedDecisionOut:
    facts: dict[str, Any] = {x: made.facts.get(x) for x in _FACTS}
    own = set(ExportedDecisionOut.model_fields) - set(facts) - {"flagged", "is_audit"}
    return ExportedDecisionOut(
        **{x: getattr(made, x) for x in own},
        **facts,
        flagged=made.facts.get("flagged", []),
        is_audit=bool(made.facts.get("is_audit")),
    )
