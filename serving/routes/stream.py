"""Score as many texts as there are, line by line."""

import asyncio
from typing import cast

from fastapi import APIRouter, Request

from serving.access.needs import needs
from serving.access.quotas import Quotas
from serving.access.scopes import Scope
from serving.bodies import check_type
from serving.deps import DatabaseDep, EngineDep, MetricsDep, SettingsDep
from serving.engine import Lane
from serving.openapi import problems
from serving.schemas.score import FailedItemOut, ScoredItemOut, ScoreIn
from serving.schemas.stream import EndLineOut, ModelLineOut
from serving.streaming import JSONL, NDJSON, Judge, StreamAnswer

PATH = "/v1/score/stream"
router = APIRouter(tags=["score"], dependencies=[needs(Scope.SCORE)])

_SCHEMAS = "#/components/schemas/"
_LINES_IN = {"schema": {"$ref": f"{_SCHEMAS}{ScoreIn.__name__}"}}
_LINES_OUT = {
    "schema": {
        "anyOf": [
            {"$ref": f"{_SCHEMAS}{x.__name__}"}
            for x in (ModelLineOut, ScoredItemOut, FailedItemOut, EndLineOut)
        ]
    }
}
_NS = 1_000_000_000


@router.post(
    PATH,
    summary="Score any number of texts",
    description="Lines of JSON in, a line for each out, in order, while they come in.",
    response_class=StreamAnswer,
    status_code=200,
    responses={
        200: {
            "description": "A line for the model, for each text, and for the end.",
            "content": {NDJSON: _LINES_OUT},
        },
        **problems(400, 415, 503),
    },
    openapi_extra={"requestBody": {"required": True, "content": {NDJSON: _LINES_IN}}},
)
async def score_stream(
    request: Request,
    engine: EngineDep,
    database: DatabaseDep,
    metrics: MetricsDep,
    settings: SettingsDep,
) -> StreamAnswer:
    """Score lines as they come; one that cannot be scored fails alone."""
    check_type(request, NDJSON, JSONL)
    request.state.n_items = 0

    def report(n_ok: int, n_failed: int) -> None:
        request.state.n_items += n_ok + n_failed
        metrics.streamed(n_ok, n_failed)

    async def admit(n_lines: int) -> None:
        await _charge(request, n_lines)

    return StreamAnswer(
        Judge(engine, database, patience_s=settings.bulk_deadline_s),
        engine.model,
        idle_s=settings.stream_idle_s,
        admit=admit,
        report=report,
    )


async def _charge(request: Request, n_lines: int) -> None:
    """Count lines against the key that asks; if it has no more now, wait until it has."""
    quotas = cast("Quotas", request.app.state.quotas)
    principal = request.state.principal
    for _ in range(n_lines):
        standing = quotas.take(principal, Lane.BULK, 1)
        while standing is not None and standing.wait_ns:
            await asyncio.sleep(standing.wait_ns / _NS)
            standing = quotas.take(principal, Lane.BULK, 1)
