"""Who is told of decisions and appeals, and what became of the messages."""

from enum import StrEnum
from typing import Annotated

from pydantic import AwareDatetime, Field, StringConstraints

from serving.schemas.wire import UnicodeText, Wire

Address = Annotated[UnicodeText, StringConstraints(min_length=1, max_length=2048)]


class Event(StrEnum):
    """What may be told."""

    DECISION_MADE = "decision.made"
    DECISION_REVERSED = "decision.reversed"
    APPEAL_FILED = "appeal.filed"
    APPEAL_ANSWERED = "appeal.answered"


class DeliveryState(StrEnum):
    """What became of a message."""

    WAITING = "waiting"
    """It will be sent, or sent again."""
    DELIVERED = "delivered"
    DEAD = "dead"
    """It was tried often enough; somebody may have it sent again."""


class WebhookIn(Wire):
    """An address, and what it wants to be told."""

    url: Address
    events: list[Event] = Field(min_length=1, max_length=len(Event))


class WebhookOut(Wire):
    """An address that is told; never the secret that its messages are signed by."""

    id: str
    url: str
    events: list[str]
    created_at: AwareDatetime
    disabled_at: AwareDatetime | None


class NewWebhookOut(WebhookOut):
    """The same with its secret, on the only occasion that it is shown."""

    secret: str


class WebhooksOut(Wire):
    """All addresses."""

    webhooks: list[WebhookOut]


class DeliveryOut(Wire):
    """A message for one address."""

    id: str
    webhook_id: str
    event: str
    state: DeliveryState
    n_tries: int
    next_at: AwareDatetime | None
    """When it is sent again; null once it is not."""
    created_at: AwareDatetime
    ended_at: AwareDatetime | None
    last_status: int | None
    last_error: str | None
    payload: dict[str, object]


class DeliveriesOut(Wire):
    """Some messages, newest first."""

    deliveries: list[DeliveryOut]
    next_cursor: str | None


class ResentOut(Wire):
    """How many messages wait again."""

    n_resent: int
