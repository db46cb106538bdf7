"""What a route may ask for."""

from collections.abc import Iterator
from typing import Annotated, cast

from fastapi import Depends, Request

from kiemtin.errors import BundleError
from serving.access.principals import Principal
from serving.access.scopes import Scope
from serving.access.signing_in import SignIns
from serving.db import Database, Work
from serving.engine import Engine
from serving.keyed import Keyed
from serving.metrics import Metrics
from serving.review.people import Reviewer
from serving.review.policy import ReviewPolicy
from serving.review.scale import NO_SCALE, Limits, Scale
from serving.rollout import Rollout
from serving.settings import Settings
from serving.shadow import Shadow

# Coroutines, not functions: for those FastAPI would start a thread each.


async def _settings(request: Request) -> Settings:
    return cast("Settings", request.app.state.settings)


async def engine_of(request: Request) -> Engine:
    """Return what scores; the request's log line will say by which model."""
    engine = cast("Engine", request.app.state.engine)
    request.state.model = engine.short_digest
    return engine


async def _database(request: Request) -> Database:
    return cast("Database", request.app.state.database)


async def _metrics(request: Request) -> Metrics:
    return cast("Metrics", request.app.state.metrics)


async def _rollout(request: Request) -> Rollout:
    return cast("Rollout", request.app.state.rollout)


async def _shadow(request: Request) -> Shadow | None:
    return cast("Shadow | None", request.app.state.shadow)


async def _review_policy(request: Request) -> ReviewPolicy:
    return cast("ReviewPolicy", request.app.state.review_policy)


async def _keyed(request: Request) -> Keyed:
    return cast("Keyed", request.app.state.keyed)


async def _sign_ins(request: Request) -> SignIns:
    return cast("SignIns", request.app.state.sign_ins)


async def _principal(request: Request) -> Principal:
    return cast("Principal", request.state.principal)


async def _reviewer(request: Request) -> Reviewer:
    who = await _principal(request)
    return Reviewer(who.person, who.queues, is_lead=who.may(Scope.LEAD))


async def _scale(request: Request) -> Scale:
    """Return what scores are held against; without a model cases are shown all the same."""
    try:
        model = cast("Engine", request.app.state.engine).model
    except BundleError:
        return NO_SCALE
    limits = model.policy.thresholds.items()
    return Scale(
        policy_version=model.policy.version,
        limits={k: Limits(x.review, x.review_urgent) for k, x in limits},
        calibration=model.out.calibration,
    )


SettingsDep = Annotated[Settings, Depends(_settings)]
EngineDep = Annotated[Engine, Depends(engine_of)]
DatabaseDep = Annotated[Database, Depends(_database)]
MetricsDep = Annotated[Metrics, Depends(_metrics)]
RolloutDep = Annotated[Rollout, Depends(_rollout)]
ShadowDep = Annotated[Shadow | None, Depends(_shadow)]
ReviewPolicyDep = Annotated[ReviewPolicy, Depends(_review_policy)]
KeyedDep = Annotated[Keyed, Depends(_keyed)]
SignInsDep = Annotated[SignIns, Depends(_sign_ins)]
PrincipalDep = Annotated[Principal, Depends(_principal)]
ReviewerDep = Annotated[Reviewer, Depends(_reviewer)]
ScaleDep = Annotated[Scale, Depends(_scale)]


def get_work(database: DatabaseDep, principal: PrincipalDep) -> Iterator[Work]:
    """Give a unit of work, and commit what became of it before the answer."""
    with database.work(principal.person) as work:
        yield work
        work.commit()


WorkDep = Annotated[Work, Depends(get_work, scope="function")]
