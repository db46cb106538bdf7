"""Score one text."""

from fastapi import APIRouter, Request

from kiemtin.errors import InputError
from serving.bodies import JsonRoute
from serving.deps import EngineDep, PostsDep
from serving.judging import item_of, restrict, store
from serving.openapi import problems
from serving.schemas.score import ScoreAnswerOut, ScoreIn

router = APIRouter(prefix="/v1", tags=["score"], route_class=JsonRoute)


# A plain def: FastAPI runs it in a thread, and onnxruntime frees the GIL.
@router.post(
    "/score",
    summary="Score one text",
    response_model_exclude_unset=True,
    responses=problems(400, 413, 415, 422, 503),
)
def score(
    request: Request, body: ScoreIn, engine: EngineDep, posts: PostsDep
) -> ScoreAnswerOut:
    """Say which labels a text deserves, how surely, and whether a person should look."""
    request.state.n_items = 1
    scorer = engine.scorer
    (result,) = engine.score([item_of(body)])
    if isinstance(result, InputError):
        raise result
    result = restrict(result, body.labels, scorer.policy)
    stored = {"post_id": store(posts, body.text, result, scorer)} if body.store else {}
    return ScoreAnswerOut(
        **dict(result),
        model=scorer.model,
        policy_version=scorer.policy.version,
        **stored,
    )
