"""Who is told of decisions and appeals."""

from typing import Annotated

from fastapi import APIRouter, Query

from serving.access.needs import needs
from serving.access.scopes import Scope
from serving.bodies import JsonRoute
from serving.cursors import read_place, write_cursor
from serving.db import Deliveries, Delivery, Endpoint, Endpoints
from serving.db.deliveries import WAITING
from serving.deps import DatabaseDep, PrincipalDep, SettingsDep, WorkDep
from serving.errors import NotFoundError
from serving.openapi import problems
from serving.schemas.webhooks import (
    DeliveriesOut,
    DeliveryOut,
    DeliveryState,
    NewWebhookOut,
    ResentOut,
    WebhookIn,
    WebhookOut,
    WebhooksOut,
)
from serving.webhooks import endpoints
from serving.webhooks.guard import Guard

router = APIRouter(
    prefix="/v1/webhooks",
    tags=["webhooks"],
    route_class=JsonRoute,
    dependencies=[needs(Scope.ADMIN)],
)


@router.post(
    "",
    summary="Let an address be told",
    status_code=201,
    responses=problems(400, 413, 415, 422, 503),
)
def create_webhook(
    body: WebhookIn, settings: SettingsDep, database: DatabaseDep, who: PrincipalDep
) -> NewWebhookOut:
    """Add an address; the answer has the secret that its messages are signed by."""
    # The name is resolved before, not within: a transaction keeps others waiting.
    Guard(settings.webhook_hosts).check(body.url)
    with database.work(who.person) as work:
        made = endpoints.create(work, body.url, body.events)
        work.commit()
    return _new(made)


@router.get("", summary="Addresses that are told", responses=problems(503))
def list_webhooks(database: DatabaseDep) -> WebhooksOut:
    """Return every address that there ever was, oldest first; never a secret."""
    with database.session() as session:
        found = Endpoints(session).all()
    return WebhooksOut(webhooks=[_webhook(x) for x in found])


@router.get(
    "/deliveries", summary="Messages, newest first", responses=problems(422, 503)
)
def list_deliveries(
    database: DatabaseDep,
    state: DeliveryState | None = None,
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
) -> DeliveriesOut:
    """Return messages, all of them or those in a state, page by page."""
    after = read_place(cursor) if cursor is not None else None
    with database.session() as session:
        found = Deliveries(session).page(state=state, after=after, limit=limit + 1)
    page = found[:limit]
    more = len(found) > limit
    return DeliveriesOut(
        deliveries=[_delivery(x) for x in page],
        next_cursor=write_cursor(page[-1].created_at, page[-1].id) if more else None,
    )


@router.post(
    "/deliveries/{message_id}/resend",
    summary="Send a message again",
    responses=problems(404, 409, 503),
)
def resend_delivery(message_id: str, work: WorkDep) -> DeliveryOut:
    """Send a message again as if it were new; its id stays the same."""
    return _delivery(endpoints.resend(work, _id(message_id)))


@router.post(
    "/{webhook_id}/resend",
    summary="Send all dead messages again",
    responses=problems(404, 409, 503),
)
def resend_all(webhook_id: str, work: WorkDep) -> ResentOut:
    """Send all dead messages of an address again."""
    return ResentOut(n_resent=endpoints.resend_dead(work, _id(webhook_id)))


@router.post(
    "/{webhook_id}/rotate",
    summary="Sign by a new secret",
    responses=problems(404, 503),
)
def rotate_secret(webhook_id: str, work: WorkDep) -> NewWebhookOut:
    """Give an address a new secret; for 24 hours messages are signed by both."""
    return _new(endpoints.rotate(work, _id(webhook_id)))


@router.post(
    "/{webhook_id}/disable",
    summary="Tell an address nothing any more",
    responses=problems(404, 503),
)
def disable_webhook(webhook_id: str, work: WorkDep) -> WebhookOut:
    """Tell an address nothing any more; what waits for it is dead."""
    return _webhook(endpoints.disable(work, _id(webhook_id)))


@router.post(
    "/{webhook_id}/enable",
    summary="Tell an address again",
    responses=problems(404, 503),
)
def enable_webhook(webhook_id: str, work: WorkDep) -> WebhookOut:
    """Tell an address again what happens from now on."""
    return _webhook(endpoints.enable(work, _id(webhook_id)))


def _id(shown: str) -> str:
    if "\0" in shown:
        msg = "no such id"
        raise NotFoundError(msg)
    return shown


def _webhook(endpoint: Endpoint) -> WebhookOut:
    return WebhookOut.model_validate(_shown(endpoint))


def _new(made: endpoints.NewSecret) -> NewWebhookOut:
    shown = _shown(made.endpoint) | {"secret": made.secret}
    return NewWebhookOut.model_validate(shown)


def _shown(endpoint: Endpoint) -> dict[str, object]:
    return {x: getattr(endpoint, x) for x in WebhookOut.model_fields}


def _delivery(delivery: Delivery) -> DeliveryOut:
    return DeliveryOut(
        id=delivery.id,
        webhook_id=delivery.endpoint_id,
        event=delivery.event,
        state=DeliveryState(delivery.state),
        n_tries=delivery.n_tries,
        next_at=delivery.next_at if delivery.state == WAITING else None,
        created_at=delivery.created_at,
        ended_at=delivery.ended_at,
        last_status=delivery.last_status,
        last_error=delivery.last_error,
        payload=delivery.payload,
    )
