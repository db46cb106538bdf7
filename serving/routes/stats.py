"""Load and agreement."""

from datetime import UTC, datetime

from fastapi import APIRouter

from serving.access.needs import needs
from serving.access.scopes import Scope
from serving.db import AGE_STEPS
from serving.deps import DatabaseDep, PrincipalDep, ReviewPolicyDep
from serving.openapi import problems
from serving.review.agreement import agreement
from serving.review.load import QueueLoad, load_of
from serving.routes.periods import PeriodDep
from serving.schemas.stats import AgeOut, AgreementOut, QueueLoadOut, QueuesOut

router = APIRouter(prefix="/v1/stats", tags=["stats"])
_NO_AGES = (0,) * (len(AGE_STEPS) + 1)


@router.get(
    "/queues",
    summary="How much waits",
    dependencies=[needs(Scope.LEAD)],
    responses=problems(503),
)
def read_queues(
    database: DatabaseDep, policy: ReviewPolicyDep, who: PrincipalDep
) -> QueuesOut:
    """Return what waits in each queue of the caller, and what was decided today."""
    now = datetime.now(UTC)
    with database.session() as session:
        found = load_of(session, policy, who.queues, now)
    return QueuesOut(at=now, queues=[_queue(x, now) for x in found])


@router.get(
    "/agreement",
    summary="How far people agree",
    dependencies=[needs(Scope.LEAD, Scope.EXPORT)],
    responses=problems(422, 503),
)
def read_agreement(
    database: DatabaseDep,
    policy: ReviewPolicyDep,
    who: PrincipalDep,
    period: PeriodDep,
) -> AgreementOut:
    """Return agreement, precision and overturned appeals, by label and pseudonym."""
    with database.session() as session:
        found = agreement(session, policy, period.since, period.until, who.queues)
    return AgreementOut.model_validate(found, from_attributes=True)


def _queue(found: QueueLoad, now: datetime) -> QueueLoadOut:
    load = found.load
    oldest_at = load.oldest_at if load else None
    steps = [x.total_seconds() for x in AGE_STEPS]
    counts = load.ages if load else _NO_AGES
    return QueueLoadOut(
        queue=found.queue,
        open=load.n_waiting + load.n_held if load else 0,
        waiting=load.n_waiting if load else 0,
        held=load.n_held if load else 0,
        overdue=load.n_overdue if load else 0,
        adjudication=found.n_adjudication,
        oldest_at=oldest_at,
        oldest_age_s=(now - oldest_at).total_seconds() if oldest_at else None,
        ages=[
            AgeOut(under_s=s, n=n) for s, n in zip([*steps, None], counts, strict=True)
        ],
        clocks_overdue=found.clocks_overdue,
        decisions_today=found.n_decisions,
        median_s=found.median_s,
    )
