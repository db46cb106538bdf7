"""Score many texts; one that cannot be scored fails alone."""

from collections.abc import Iterator, Sequence

from fastapi import APIRouter, Request
from pydantic import TypeAdapter, ValidationError

from kiemtin.errors import KiemtinError
from kiemtin.schemas import ErrorOut
from serving.bodies import JsonRoute
from serving.deps import EngineDep, PostsDep, SettingsDep
from serving.errors import DuplicateIdError, EmptyBatchError, TooManyItemsError
from serving.judging import item_of, restrict, store
from serving.openapi import problems
from serving.schemas.score import (
    BatchAnswerOut,
    BatchIn,
    FailedItemOut,
    Id,
    ScoredItemOut,
    ScoreIn,
    SummaryOut,
)
from serving.validation import first_error

router = APIRouter(prefix="/v1", tags=["score"], route_class=JsonRoute)

_ID: TypeAdapter[str] = TypeAdapter(Id)


@router.post(
    "/score/batch",
    summary="Score many texts",
    response_model_exclude_unset=True,
    responses=problems(400, 413, 415, 422, 503),
)
def score_batch(
    request: Request,
    body: BatchIn,
    engine: EngineDep,
    posts: PostsDep,
    settings: SettingsDep,
) -> BatchAnswerOut:
    """Score many texts at once; an item that cannot be scored fails alone."""
    request.state.n_items = len(body.items)
    _check_length(len(body.items), settings.max_items)
    scorer = engine.scorer
    ids = [_id_of(raw) for raw in body.items]
    items = list(_read(body.items, ids))
    scored = iter(engine.score([item_of(x) for x in items if isinstance(x, ScoreIn)]))
    results: list[ScoredItemOut | FailedItemOut] = []
    for index, item in enumerate(items):
        if not isinstance(item, ScoreIn):
            results.append(_failed(index, ids[index], item))
            continue
        result = next(scored)
        if isinstance(result, KiemtinError):
            results.append(_failed(index, ids[index], result))
            continue
        result = restrict(result, item.labels, scorer.policy)
        kept = (
            {"post_id": store(posts, item.text, result, scorer)} if item.store else {}
        )
        results.append(ScoredItemOut(**dict(result), index=index, status="ok", **kept))
    n_ok = sum(x.status == "ok" for x in results)
    return BatchAnswerOut(
        results=results,
        summary=SummaryOut(ok=n_ok, failed=len(results) - n_ok),
        model=scorer.model,
        policy_version=scorer.policy.version,
    )


def _check_length(n_items: int, limit: int) -> None:
    if not n_items:
        msg = f"no items, a batch has 1 to {limit}"
        raise EmptyBatchError(msg)
    if n_items > limit:
        msg = f"{n_items} items, a batch has at most {limit}"
        raise TooManyItemsError(msg)


def _id_of(raw: object) -> str | None:
    """Return the id of an item that may be anything."""
    if not isinstance(raw, dict) or raw.get("id") is None:
        return None
    try:
        return _ID.validate_python(raw["id"])
    except ValidationError:
        return None


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
        try:
            yield ScoreIn.model_validate(raw)
        except ValidationError as e:
            yield first_error(e.errors(include_input=False, include_url=False))


def _failed(index: int, item_id: str | None, error: KiemtinError) -> FailedItemOut:
    return FailedItemOut(
        id=item_id,
        index=index,
        status="error",
        error=ErrorOut(code=error.code, detail=str(error)),
    )
