"""Models that are there, and which of them scores."""

from fastapi import APIRouter, Request

from serving.access.needs import needs
from serving.access.scopes import Scope
from serving.bodies import JsonRoute
from serving.deps import RolloutDep, ShadowDep
from serving.errors import NotFoundError
from serving.openapi import problems
from serving.schemas.models import ActivateIn, KnownModelOut, ModelsOut, ShadowOut

router = APIRouter(
    prefix="/v1",
    tags=["models"],
    route_class=JsonRoute,
    dependencies=[needs(Scope.MODELS)],
)


@router.get("/models", summary="Models that are there")
async def list_models(rollout: RolloutDep, shadow: ShadowDep) -> ModelsOut:
    """Return each model once, the one that scores first."""
    found = await rollout.list_models(shadow=shadow.digest if shadow else "")
    return ModelsOut.model_validate({"models": found}, from_attributes=True)


@router.get(
    "/models/shadow", summary="How the challenger compares", responses=problems(404)
)
async def read_shadow(shadow: ShadowDep) -> ShadowOut:
    """Return how the challenger differs from the model that scores, in counts."""
    if shadow is None:
        msg = "no challenger watches; KIEMTIN_SHADOW names one"
        raise NotFoundError(msg)
    return shadow.describe()


@router.post(
    "/models/{name}:activate",
    summary="Let another model score",
    responses=problems(400, 404, 409, 415, 422, 503),
)
async def activate(
    request: Request, name: str, rollout: RolloutDep, body: ActivateIn | None = None
) -> KnownModelOut:
    """Load a model aside, try it, and let it score all that comes after."""
    meant = body or ActivateIn()
    done = await rollout.activate(
        name,
        digest=meant.digest,
        version=meant.version,
        by=request.state.principal.key_id,
    )
    return KnownModelOut.model_validate(done, from_attributes=True)


@router.post(
    "/models/{name}:rollback",
    summary="Let the former model score again",
    responses=problems(404, 409, 503),
)
async def rollback(request: Request, name: str, rollout: RolloutDep) -> KnownModelOut:
    """Exchange the model that scores with the one that did before."""
    done = await rollout.rollback(name, by=request.state.principal.key_id)
    return KnownModelOut.model_validate(done, from_attributes=True)
