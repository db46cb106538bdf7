"""Addresses that are told, and messages for them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import pytest

from serving.db import Database, Deliveries, Delivery, Endpoint, Endpoints
from serving.review.announcing import announce
from serving.webhooks.endpoints import create
from tests.fixtures.receiver import Receiver, receiving
from tests.fixtures.watched import START

EVENT = "decision.made"


@dataclass(frozen=True, slots=True)
class Post:
    """Writes messages, and says what became of them."""

    database: Database

    def endpoint(self, url: str) -> Endpoint:
        """Add an address that wants to know of decisions."""
        with self.database.work("system", now=START) as work:
            made = create(work, url, [EVENT])
            work.commit()
        return made.endpoint

    def announce(self, n: int = 1, now: datetime = START) -> None:
        """Let there be *n* messages for each address."""
        with self.database.work("system", now=now) as work:
            for i in range(n):
                announce(work, EVENT, {"decision_id": f"dec_{i}", "outcome": "tất cả"})
            work.commit()

    def all(self, endpoint: Endpoint | None = None) -> list[Delivery]:
        """Return the messages, or those for one address."""
        with self.database.session() as session:
            found = Deliveries(session).page(state=None, after=None, limit=1000)
        return [x for x in found if endpoint is None or x.endpoint_id == endpoint.id]

    def one(self) -> Delivery:
        """Return the only message."""
        (found,) = self.all()
        return found

    def stored(self, endpoint: Endpoint) -> Endpoint:
        """Return the address as it is now."""
        with self.database.session() as session:
            found = Endpoints(session).get(endpoint.id)
        assert found is not None
        return found


@pytest.fixture
def post(database: Database) -> Post:
    """A database of each kind with messages to be written."""
    database.migrate()
    return Post(database)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """Somebody who wants to be told, on this machine."""
    with receiving() as r:
        yield r
