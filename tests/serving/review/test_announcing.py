"""Messages are written with what they tell of, or not at all."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from serving.db import Database, Deliveries, Delivery, Endpoints, SigningSecret
from serving.review.announcing import announce

NOW = datetime(2026, 3, 4, tzinfo=UTC)


@pytest.fixture
def want(database: Database) -> Callable[..., str]:
    """Let an address want events, and return its id."""
    database.migrate()

    def add(*events: str, disabled: bool = False) -> str:
        with database.work("rev_0123456789abcdef", now=NOW) as work:
            endpoints = Endpoints(work.session)
            endpoint = endpoints.add(
                url="https://hooks.example/",
                events=events,
                secret=SigningSecret("whsec_AAAA"),
                made_by=work.actor,
                now=NOW,
            )
            endpoints.set_disabled(endpoint.id, NOW if disabled else None)
            work.commit()
        return endpoint.id

    return add


def _messages(database: Database) -> list[Delivery]:
    with database.session() as session:
        return Deliveries(session).page(state=None, after=None, limit=100)


def test_each_that_wants_it_is_told(
    database: Database, want: Callable[..., str]
) -> None:
    """There is a message for each live address that asked for the event."""
    first = want("decision.made", "appeal.filed")
    second = want("decision.made")
    want("decision.reversed")
    want("decision.made", disabled=True)

    with database.work("system", now=NOW) as work:
        announce(work, "decision.made", {"decision_id": "dec_1", "n_posts": 3})
        work.commit()

    found = _messages(database)
    assert {x.endpoint_id for x in found} == {first, second}
    assert {x.id[:4] for x in found} == {"msg_"}
    assert [x.payload for x in found] == [{"decision_id": "dec_1", "n_posts": 3}] * 2
    assert {(x.state, x.n_tries, x.next_at) for x in found} == {("waiting", 0, NOW)}


def test_what_did_not_happen_is_not_told(
    database: Database, want: Callable[..., str]
) -> None:
    """Without the commit of what they tell of there are no messages."""
    want("decision.made")

    with database.work("system", now=NOW) as work:
        announce(work, "decision.made", {"decision_id": "dec_1"})
        work.session.flush()

    assert _messages(database) == []


@pytest.mark.parametrize(
    "payload",
    [
        {"person": "rev_0123456789abcdef"},
        {"history": [{"by": "rev_anonymous"}]},
        {"decision": {"decided_by": None}},
    ],
)
def test_no_reviewer_is_named(
    database: Database, want: Callable[..., str], payload: dict[str, object]
) -> None:
    """No field says who it was, wherever it stands in the payload."""
    want("decision.made")

    with (
        database.work("system", now=NOW) as work,
        pytest.raises(ValueError, match="reviewer"),
    ):
        announce(work, "decision.made", payload)


def test_an_event_that_nobody_knows(
    database: Database, want: Callable[..., str]
) -> None:
    """A slip in the name of an event is found at once, not by those who wait for it."""
    want("decision.made")

    with (
        database.work("system", now=NOW) as work,
        pytest.raises(ValueError, match=r"decision\.mad"),
    ):
        announce(work, "decision.mad", {})
