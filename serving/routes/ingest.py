"""Posts come in to be reviewed; one that cannot be taken fails alone."""

from collections.abc import Iterator, Sequence
from http import HTTPStatus
from typing import Any, Final

from fastapi import APIRouter, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError

from kiemtin.errors import KiemtinError, TextTooLongError
from kiemtin.schemas import MAX_CHARS, ErrorOut, Item
from serving.access.needs import needs
from serving.access.quotas import Charge
from serving.access.scopes import Scope
from serving.bodies import JSON, JsonRoute
from serving.deps import (
    DatabaseDep,
    EngineDep,
    KeyedDep,
    ReviewPolicyDep,
    SettingsDep,
)
from serving.engine import Lane, Reply
from serving.leaving import unless_left
from serving.openapi import problems
from serving.review.drafts import Accepted, Draft, Report, Result
from serving.review.intake import Intake
from serving.review.outcomes import Origin
from serving.routes.batch import check_length
from serving.schemas.ingest import (
    AcceptedPostOut,
    PostContextIn,
    PostIn,
    PostsAnswerOut,
    PostsIn,
    PostsSummaryOut,
    ScoredPostOut,
)
from serving.schemas.score import FailedItemOut
from serving.validation import first_error

_REFS: Final = [f"#/components/schemas/{x.__name__}" for x in (PostIn, PostsIn)]
_BODY: Final = {"anyOf": [{"$ref": x} for x in _REFS], "title": "Posts"}

router = APIRouter(
    prefix="/v1",
    tags=["posts"],
    route_class=JsonRoute,
    dependencies=[needs(Scope.INGEST)],
)


@router.post(
    "/posts",
    summary="Send posts to be reviewed",
    status_code=HTTPStatus.ACCEPTED,
    response_model=PostsAnswerOut,
    responses=problems(400, 409, 413, 415, 422, 429, 503, 504),
    openapi_extra={"requestBody": {"content": {JSON: {"schema": _BODY}}}},
)
async def send_posts(
    request: Request,
    body: dict[str, Any],
    engine: EngineDep,
    database: DatabaseDep,
    settings: SettingsDep,
    policy: ReviewPolicyDep,
    keyed: KeyedDep,
) -> Response:
    """Score and store posts, each under its natural key, and open cases for them."""
    is_one = "items" not in body
    posts = [_one(body)] if is_one else [_read(x) for x in _items(body)]
    request.state.n_items = len(posts)
    check_length(len(posts), settings.max_items)
    drafts, passing = _sorted(posts)
    request.state.keep_answer = not passing  # nothing of these is kept
    intake = Intake(engine, database, policy, keyed)
    with Charge(request, Lane.BULK, len(posts)):
        work = intake.score(drafts, passing)
        scoring = await unless_left(request.receive, work)
    kept = iter(await intake.store(scoring))
    passed = iter(scoring.passing)
    found = [
        x if isinstance(x, KiemtinError) else next(kept if x.store else passed)
        for x in posts
    ]
    if is_one and isinstance(found[0], KiemtinError):
        raise found[0]
    results = list(_results(found))
    answer = PostsAnswerOut(
        results=results,
        summary=_summary(results),
        model=scoring.model.out,
        policy_version=scoring.model.policy.version,
    )
    content = answer.model_dump_json()
    return Response(content, HTTPStatus.ACCEPTED, media_type=JSON)


def _one(body: object) -> PostIn | KiemtinError:
    try:
        return _checked(PostIn.model_validate(body))
    except ValidationError as e:
        raise _refused(e) from None


def _items(body: object) -> list[object]:
    try:
        return PostsIn.model_validate(body).items
    except ValidationError as e:
        raise _refused(e) from None


def _refused(error: ValidationError) -> RequestValidationError:
    errors = error.errors(include_input=False, include_url=False)
    return RequestValidationError([{**e, "loc": ("body", *e["loc"])} for e in errors])


def _read(raw: object) -> PostIn | KiemtinError:
    """Return a post that may be anything, checked, or what is wrong with it."""
    try:
        return _checked(PostIn.model_validate(raw))
    except ValidationError as e:
        return first_error(e.errors(include_input=False, include_url=False))


def _checked(post: PostIn) -> PostIn | KiemtinError:
    """Refuse a text that is too long before anything else reads it."""
    n = len(post.text)
    if n > MAX_CHARS:
        return TextTooLongError(f"{n} characters, at most {MAX_CHARS} are read")
    return post


def _sorted(posts: Sequence[PostIn | KiemtinError]) -> tuple[list[Draft], list[Item]]:
    """Return what is to be stored, and what is only to be scored."""
    good = [x for x in posts if isinstance(x, PostIn)]
    passing = [Item(x.external_id, x.text) for x in good if not x.store]
    return [_draft(x) for x in good if x.store], passing


def _draft(post: PostIn) -> Draft:
    return Draft(
        text=post.text,
        source=post.source,
        external_id=post.external_id,
        revision=post.revision,
        origin=Origin(post.origin),
        reports=[Report(x.reason, x.id, x.note, x.at) for x in post.reports],
        author_id=post.author_id,
        context=_context(post.context),
        permalink=str(post.permalink) if post.permalink else None,
        posted_at=post.posted_at,
    )


def _context(context: PostContextIn | None) -> dict[str, str] | None:
    if context is None:
        return None
    found: dict[str, str] = context.model_dump(mode="json", exclude_none=True)
    return found or None


def _results(
    found: Sequence[Result | Reply],
) -> Iterator[AcceptedPostOut | ScoredPostOut | FailedItemOut]:
    for index, x in enumerate(found):
        if isinstance(x, Accepted):
            yield AcceptedPostOut.model_validate(
                {
                    "id": x.post_id,
                    "index": index,
                    "repeated": x.is_repeat,
                    "case_id": x.case_id,
                    "recommendation": x.recommendation,
                    "reports_added": x.n_reports_added,
                }
            )
        elif isinstance(x, Reply):
            yield ScoredPostOut(index=index, score=x.parse())
        else:
            error = ErrorOut(code=x.code, detail=str(x))
            yield FailedItemOut(status="error", id=None, index=index, error=error)


def _summary(
    results: Sequence[AcceptedPostOut | ScoredPostOut | FailedItemOut],
) -> PostsSummaryOut:
    accepted = [x for x in results if isinstance(x, AcceptedPostOut)]
    return PostsSummaryOut(
        accepted=len(accepted),
        repeated=sum(x.repeated for x in accepted),
        scored=sum(isinstance(x, ScoredPostOut) for x in results),
        failed=sum(isinstance(x, FailedItemOut) for x in results),
    )
