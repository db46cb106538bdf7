"""Keys in memory while the database is away, and what is written to it aside."""

import asyncio
from datetime import datetime

import pytest
from structlog.testing import capture_logs

from serving.access.keyring import Keyring
from serving.access.secrets import make_secret
from serving.db import Keys
from serving.errors import DatabaseUnavailableError
from tests.fixtures.watched import KEYED, Clock, WatchedDatabase, is_refused, make_key
from tests.serving.access.conftest import Tell


def test_the_database_goes_away(
    watched: WatchedDatabase, clock: Clock, tell: Tell
) -> None:
    """Keys that are known go on; of others nobody can say anything, so 503."""
    secret, holder = make_key(watched)

    async def story(keyring: Keyring) -> None:
        watched.is_away = True
        with capture_logs() as lines:
            for _ in range(20):
                clock.s += 1
                assert await keyring.authenticate(secret) == holder
        with pytest.raises(DatabaseUnavailableError):
            await keyring.authenticate(make_secret())
        assert await is_refused(keyring, None)
        assert [x["event"] for x in lines] == ["keys_not_read"]

        watched.is_away = False
        clock.s += 5
        await keyring.authenticate(secret)
        await asyncio.sleep(0.05)
        assert await is_refused(keyring, make_secret())

    tell(story)


def test_the_database_falls_silent(
    watched: WatchedDatabase, clock: Clock, tell: Tell
) -> None:
    """A database that does not even refuse holds nobody up for long."""
    secret, holder = make_key(watched)

    async def story(keyring: Keyring) -> None:
        watched.answers.clear()
        for _ in range(10):
            clock.s += 5
            assert await keyring.authenticate(secret) == holder

    tell(story)


def test_the_database_was_never_there(watched: WatchedDatabase) -> None:
    """Who does not know whether there are keys lets nobody in."""
    watched.is_away = True

    async def story() -> None:
        keyring = Keyring(watched, KEYED, may_be_open=True)
        await keyring.load()
        with pytest.raises(DatabaseUnavailableError):
            await keyring.authenticate(None)
        assert not keyring.is_open
        await keyring.close()

    asyncio.run(story())


def test_the_last_use_is_written_aside(
    watched: WatchedDatabase, clock: Clock, tell: Tell
) -> None:
    """Uses are written together, not one by one, and not lost while nobody takes them."""
    secret, _ = make_key(watched)

    def last_used() -> datetime | None:
        with watched.session() as session:
            return Keys(session).all()[0].last_used_at

    async def story(keyring: Keyring) -> None:
        await keyring.authenticate(secret)
        assert last_used() is None
        await keyring.note_uses()
        assert last_used() == clock.now()

        n_sessions = watched.n_sessions
        await keyring.note_uses()
        assert watched.n_sessions == n_sessions

        clock.s += 1
        await keyring.authenticate(secret)
        watched.is_away = True
        await keyring.note_uses()
        watched.is_away = False

    tell(story)
    assert last_used() == clock.now()
