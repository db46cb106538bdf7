"""Nothing is lost when services are killed or the database goes away."""

import asyncio

import pytest

from serving.db import Database
from serving.db.deliveries import DELIVERED, WAITING
from serving.errors import DatabaseUnavailableError
from serving.webhooks.delivering import Deliverer
from tests.fixtures.rounds import Round, Scripted, until
from tests.fixtures.watched import WatchedDatabase
from tests.serving.webhooks.conftest import Post


def test_a_killed_service_sends_again(post: Post) -> None:
    """What somebody took and never finished is sent once the lease is over."""
    post.endpoint("https://hooks.example/")
    post.announce()
    killed, other = Scripted(), Scripted()
    first = Round(post.database, killed)

    async def kill() -> None:
        killed.holding = asyncio.Event()
        deliverer = first.make()
        await deliverer.look()
        await until(lambda: bool(killed.sent))

    asyncio.run(kill())
    second = Round(post.database, other)
    second.go(60)
    n_early = len(other.sent)
    second.go(61)

    assert (len(killed.sent), n_early, len(other.sent)) == (1, 0, 1)
    assert (post.one().state, post.one().n_tries) == (DELIVERED, 2)


def test_a_mistake_of_ours_stops_nobody(post: Post) -> None:
    """A message that cannot be sent for a reason unforeseen fails alone."""
    post.endpoint("https://hooks.example/")
    post.announce(3)

    Round(post.database, Scripted(RuntimeError("secret"))).go()

    states = sorted((x.state, x.last_error) for x in post.all() if x.last_error)
    assert states == [(WAITING, "internal")]
    assert [x.state for x in post.all()].count(DELIVERED) == 2


def test_the_database_goes_away(post: Post, database_url: str) -> None:
    """Nothing is lost, and sending goes on when it is back."""
    watched = WatchedDatabase(database_url)
    sender = Scripted()
    post.endpoint("https://hooks.example/")
    post.announce(3)

    async def whole() -> None:
        watched.is_away = True
        deliverer = Deliverer(watched, sender, every_s=0.02)
        running = asyncio.create_task(deliverer.run())
        await asyncio.sleep(0.2)
        assert sender.sent == []
        watched.is_away = False
        await until(lambda: {x.state for x in post.all()} == {DELIVERED})
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)

    asyncio.run(whole())
    watched.close()

    assert len(sender.sent) == 3


def test_the_database_goes_away_after_a_message_was_sent(
    post: Post, database_url: str
) -> None:
    """An outcome that could not be written is no outcome: the message is sent again."""
    watched = WatchedDatabase(database_url)
    sender = Scripted()
    post.endpoint("https://hooks.example/")
    post.announce()
    round_ = Round(watched, sender)

    async def cut_off() -> None:
        sender.holding = asyncio.Event()
        deliverer = round_.make()
        await deliverer.look()
        await until(lambda: bool(sender.sent))
        watched.is_away = True
        sender.holding.set()
        await deliverer.settle()

    asyncio.run(cut_off())
    watched.is_away, sender.holding = False, None
    round_.go(121)
    watched.close()

    assert len(sender.sent) == 2
    assert post.one().state == DELIVERED


def test_looking_without_a_database(database: Database) -> None:
    """A database without tables is said to be away, and not the end of the service."""

    async def look() -> None:
        await Deliverer(database, Scripted()).look()

    with pytest.raises(DatabaseUnavailableError):
        asyncio.run(look())
