"""What happens in review is told to those who asked for it, or did not happen."""

from collections.abc import Mapping
from typing import Any

from serving.db import Deliveries, Endpoints, Work
from serving.schemas.webhooks import Event

_PERSONS = {
    "actor", "answered_by", "author", "by", "decided_by", "filed_by", "holder",
    "made_by", "person", "reviewer",
}  # fmt: skip


def announce(work: Work, event: str, payload: Mapping[str, Any]) -> None:
    """
    Let each address that wants it be told of *event*, once *work* is committed.

    Args:
        work: What happens; without its commit nobody is told.
        event: One of ``Event``.
        payload: JSON that says what happened; of no person, and without texts.

    Raises:
        ValueError: If there is no such event, or *payload* names a reviewer.
    """
    wanted = Event(event)
    _check_nobody(payload)
    endpoints = Endpoints(work.session).wanting(wanted)
    deliveries = Deliveries(work.session)
    for endpoint_id in endpoints:
        deliveries.add(endpoint_id, wanted, payload, work.now)


def _check_nobody(value: object) -> None:
    """
    Let no field say who it was, wherever it stands.

    Values are not looked at: some of them are the caller's, and say what they like.
    """
    if isinstance(value, Mapping):
        if not _PERSONS.isdisjoint(value):
            msg = "a payload names a reviewer"
            raise ValueError(msg)
        _check_nobody(list(value.values()))
    elif isinstance(value, list | tuple):
        for x in value:
            _check_nobody(x)
