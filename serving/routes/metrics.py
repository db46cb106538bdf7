"""What is counted, for Prometheus."""

from fastapi import APIRouter, Request, Response
from prometheus_client.exposition import choose_encoder

from serving.access.needs import needs
from serving.access.scopes import Scope
from serving.deps import MetricsDep

router = APIRouter(include_in_schema=False, dependencies=[needs(Scope.METRICS)])


@router.get("/metrics")
async def read_metrics(request: Request, metrics: MetricsDep) -> Response:
    """Return all counts as text, in the format that the caller reads."""
    encode, media_type = choose_encoder(request.headers.get("accept", ""))
    headers = {"Content-Type": media_type}
    return Response(encode(metrics.registry), headers=headers)
