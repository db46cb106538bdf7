"""Addresses are added, given new secrets, disabled; messages are sent again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from serving.db import Deliveries, Delivery, Endpoint, Endpoints, SigningSecret, Work
from serving.db.deliveries import DEAD, WAITING
from serving.errors import EndpointDisabledError, NotFoundError
from serving.webhooks.signing import make_secret

OLD_SECRET = timedelta(hours=24)
"""For how long both are used, once another secret takes over."""
DISABLED = "disabled"


@dataclass(frozen=True, slots=True)
class NewSecret:
    """An address with its new secret, on the only occasion that it is shown."""

    endpoint: Endpoint
    secret: str

    def __repr__(self) -> str:
        """Never show it."""
        return f"NewSecret({self.endpoint.id})"


def create(work: Work, url: str, events: Sequence[str]) -> NewSecret:
    """Add *url*, which a guard let pass."""
    secret = make_secret()
    endpoint = Endpoints(work.session).add(
        url=url,
        events=events,
        secret=SigningSecret(secret),
        made_by=work.actor,
        now=work.now,
    )
    work.note("webhook.create", endpoint.id)
    return NewSecret(endpoint, secret)


def rotate(work: Work, endpoint_id: str) -> NewSecret:
    """
    Sign by a new secret from now on, and by the one before for another day.

    Raises:
        NotFoundError: If there is no such address.
    """
    endpoints = Endpoints(work.session)
    endpoint = _find(endpoints, endpoint_id)
    ends_at = work.now + OLD_SECRET
    newest = endpoint.secrets[0]
    secret = make_secret()
    # The one before that ends at once: two live at most.
    secrets = [SigningSecret(secret), SigningSecret(newest.value, ends_at)]
    endpoints.set_secrets(endpoint_id, secrets)
    work.note("webhook.rotate", endpoint_id)
    return NewSecret(endpoint, secret)


def disable(work: Work, endpoint_id: str, *, reason: str = DISABLED) -> Endpoint:
    """
    Tell an address nothing any more; what waited for it is dead.

    Raises:
        NotFoundError: If there is no such address.
    """
    endpoints = Endpoints(work.session)
    endpoint = _find(endpoints, endpoint_id)
    if endpoint.disabled_at:
        return endpoint
    n_dead = Deliveries(work.session).kill(endpoint_id, reason, work.now)
    work.note("webhook.disable", endpoint_id, reason=reason, n_dead=n_dead)
    return endpoints.set_disabled(endpoint_id, work.now)


def enable(work: Work, endpoint_id: str) -> Endpoint:
    """
    Tell an address again what happens from now on.

    Raises:
        NotFoundError: If there is no such address.
    """
    endpoints = Endpoints(work.session)
    endpoint = _find(endpoints, endpoint_id)
    if not endpoint.disabled_at:
        return endpoint
    work.note("webhook.enable", endpoint_id)
    return endpoints.set_disabled(endpoint_id, None)


def resend(work: Work, message_id: str) -> Delivery:
    """
    Send a message again as if it were new; one that waits goes on waiting.

    Raises:
        NotFoundError: If there is no such message.
        EndpointDisabledError: If its address is told nothing any more.
    """
    deliveries = Deliveries(work.session)
    endpoint_id = deliveries.endpoint_of(message_id)
    # Locked before its messages, as wherever both are.
    endpoint = _find(Endpoints(work.session), endpoint_id) if endpoint_id else None
    delivery = deliveries.get(message_id, lock=True)
    if endpoint is None or delivery is None:
        msg = "no message has this id; it may have been forgotten after its time"
        raise NotFoundError(msg)
    _check_enabled(endpoint)
    if delivery.state == WAITING:
        return delivery
    work.note("webhook.resend", delivery.endpoint_id, message=message_id)
    return deliveries.revive(message_id, work.now)


def resend_dead(work: Work, endpoint_id: str) -> int:
    """
    Send all dead messages of an address again and return how many there are.

    Raises:
        NotFoundError: If there is no such address.
        EndpointDisabledError: If it is told nothing any more.
    """
    _check_enabled(_find(Endpoints(work.session), endpoint_id))
    n = Deliveries(work.session).revive_dead(endpoint_id, work.now)
    if n:
        work.note("webhook.resend", endpoint_id, n=n, state=DEAD)
    return n


def _find(endpoints: Endpoints, endpoint_id: str) -> Endpoint:
    endpoint = endpoints.get(endpoint_id, lock=True)
    if endpoint is None:
        msg = "no webhook has this id"
        raise NotFoundError(msg)
    return endpoint


def _check_enabled(endpoint: Endpoint) -> None:
    if endpoint.disabled_at:
        msg = "the webhook is disabled; enable it first"
        raise EndpointDisabledError(msg)
