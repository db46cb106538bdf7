"""The policies in force."""

from fastapi import APIRouter

from serving.access.needs import needs
from serving.deps import ReviewPolicyDep
from serving.schemas.policies import PoliciesOut

router = APIRouter(prefix="/v1", tags=["review"], dependencies=[needs()])


@router.get("/policies", summary="How posts are reviewed")
async def read_policies(policy: ReviewPolicyDep) -> PoliciesOut:
    """Return the queues with their rules, clauses, reasons, shares and deadlines."""
    review = {**policy.model_dump(mode="json"), "digest": policy.digest}
    return PoliciesOut.model_validate({"review": review})
