"""Score many texts; one that cannot be scored fails alone."""

from collections.abc import Iterator, Sequence

from fastapi import APIRouter, Request, Response

from kiemtin.errors import KiemtinError
from serving.access.needs import needs
from serving.access.quotas import Charge
from serving.access.scopes import Scope
from serving.bodies import JSON, JsonRoute
from serving.deps import DatabaseDep, EngineDep, SettingsDep
from serving.engine import Lane
from serving.errors import DuplicateIdError, EmptyBatchError, TooManyItemsError
from serving.items import (
    FAILED,
    answer,
    answer_failed,
    id_of,
    keep,
    read_item,
    restricted,
)
from serving.judging import item_of
from serving.leaving import unless_left
from serving.openapi import problems
from serving.schemas.score import (
    BatchAnswerOut,
    BatchIn,
    ScoreIn,
    SummaryOut,
)

router = APIRouter(
    prefix="/v1",
    tags=["score"],
    route_class=JsonRoute,
    dependencies=[needs(Scope.SCORE)],
)


@router.post(
    "/score/batch",
    summary="Score many texts",
    response_model=BatchAnswerOut,
    responses=problems(400, 413, 415, 422, 429, 503, 504),
)
async def score_batch(
    request: Request,
    body: BatchIn,
    engine: EngineDep,
    database: DatabaseDep,
    settings: SettingsDep,
) -> Response:
    """Score many texts at once; an item that cannot be scored fails alone."""
    request.state.n_items = len(body.items)
    check_length(len(body.items), settings.max_items)
    with Charge(request, Lane.BULK, len(body.items)):
        ids = [id_of(raw) for raw in body.items]
        items = list(_read(body.items, ids))
        good = [x for x in items if isinstance(x, ScoreIn)]
        work = engine.score([item_of(x) for x in good], lane=Lane.BULK)
        scored = await unless_left(request.receive, work)
    found = [
        restricted(reply, x, scored.model)
        for reply, x in zip(scored.results, good, strict=True)
    ]
    post_ids = await keep(found, good, database, scored.model)
    done = iter(zip(found, post_ids, strict=True))
    results = [
        answer(index, ids[index], *next(done))
        if isinstance(x, ScoreIn)
        else answer_failed(index, ids[index], x)
        for index, x in enumerate(items)
    ]
    n_failed = sum(x.startswith(FAILED) for x in results)
    summary = SummaryOut(ok=len(results) - n_failed, failed=n_failed)
    content = b'{"results":[%s],"summary":%s,%s}' % (
        b",".join(results),
        summary.model_dump_json().encode(),
        scored.model.beside,
    )
    return Response(content, media_type=JSON)


def check_length(n_items: int, limit: int) -> None:
    """
    Let a batch have *n_items*.

    Raises:
        EmptyBatchError: If it has none.
        TooManyItemsError: If it has more than *limit*.
    """
    if not n_items:
        msg = f"no items, a batch has 1 to {limit}"
        raise EmptyBatchError(msg)
    if n_items > limit:
        msg = f"{n_items} items, a batch has at most {limit}"
        raise TooManyItemsError(msg)


def _read(
    items: Sequence[object], ids: Sequence[str | None]
) -> Iterator[ScoreIn | KiemtinError]:
    """Yield each item, checked alone, or what is wrong with it."""
    seen: set[str] = set()
    for raw, item_id in zip(items, ids, strict=True):
        if item_id in seen:
            yield DuplicateIdError("an earlier item of the batch has this id")
            continue
        if item_id is not None:
            seen.add(item_id)
        yield read_item(raw)
