"""Score one text."""

from typing import Final

import anyio.to_thread
from fastapi import APIRouter, Request, Response

from kiemtin.errors import InputError
from serving.access.needs import needs
from serving.access.quotas import Charge
from serving.access.scopes import Scope
from serving.bodies import JSON, JsonRoute
from serving.db import Database
from serving.deps import DatabaseDep, EngineDep
from serving.engine import Engine, Lane
from serving.judging import item_of, restrict, store
from serving.leaving import unless_left
from serving.openapi import problems
from serving.schemas.score import ScoreAnswerOut, ScoreIn

PATH: Final = "/v1/score"
ROUTE_NEEDS: Final = Scope.SCORE
router = APIRouter(
    tags=["score"], route_class=JsonRoute, dependencies=[needs(ROUTE_NEEDS)]
)


@router.post(
    PATH,
    summary="Score one text",
    response_model=ScoreAnswerOut,
    responses=problems(400, 413, 415, 422, 429, 503, 504),
)
async def score(
    request: Request, body: ScoreIn, engine: EngineDep, database: DatabaseDep
) -> Response:
    """Say which labels a text deserves, how surely, and whether a person should look."""
    content = await score_one(request, body, engine, database)
    return Response(content, media_type=JSON)


async def score_one(
    request: Request, body: ScoreIn, engine: Engine, database: Database
) -> bytes:
    """
    Return the answer to *body*, as JSON.

    Raises:
        KiemtinError: If there is none.
    """
    request.state.n_items = 1
    with Charge(request, Lane.INTERACTIVE, 1):
        scored = await unless_left(request.receive, engine.score([item_of(body)]))
    (reply,) = scored.results
    if isinstance(reply, InputError):
        raise reply
    model = scored.model
    beside = model.beside
    content = reply.json
    if body.labels is not None or body.store:
        result = restrict(reply.parse(), body.labels, model.policy)
        content = result.model_dump_json().encode()
        if body.store:
            (post_id,) = await anyio.to_thread.run_sync(
                store, database, [(body.text, result)], model
            )
            beside += b',"post_id":"%s"' % post_id.encode()
    # One JSON object from two: what was scored, and by whom.
    return content[:-1] + b"," + beside + b"}"
