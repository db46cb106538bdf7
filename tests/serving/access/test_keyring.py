"""Keys in memory: quick, and never older than five seconds."""

import asyncio
from datetime import timedelta

import pytest

from serving.access.keyring import Keyring
from serving.access.keys import create_key, revoke_key
from serving.access.principals import ANONYMOUS
from serving.access.scopes import Scope
from serving.access.secrets import make_secret
from serving.db import Database, Keys
from serving.errors import UnauthenticatedError
from tests.fixtures.watched import (
    KEYED,
    START,
    Clock,
    WatchedDatabase,
    is_refused,
    make_key,
)
from tests.serving.access.conftest import Tell


def test_a_key_is_known(database: Database, watched: Database, tell: Tell) -> None:
    """Who holds a key is its id with its scopes."""
    secret, holder = make_key(watched, Scope.SCORE, Scope.MODELS)

    async def story(keyring: Keyring) -> None:
        assert await keyring.authenticate(secret) == holder
        assert not keyring.is_open

    tell(story)


def test_refusals_are_all_alike(watched: Database, tell: Tell) -> None:
    """Nobody learns whether a key ever was one, nor why it is not any more."""
    expired, _ = make_key(watched, lifetime=timedelta(days=1), now=START - timedelta(9))
    revoked, holder = make_key(watched)
    revoke_key(watched, holder.key_id)
    make_key(watched)
    said = []

    async def story(keyring: Keyring) -> None:
        for secret in (expired, revoked, make_secret(), "kt_", "", "ü", None):
            with pytest.raises(UnauthenticatedError) as e:
                await keyring.authenticate(secret)
            said.append(str(e.value))

    tell(story)
    assert len(said) == 7
    assert len(set(said)) == 1


def test_a_beginning_is_not_enough(watched: Database, tell: Tell) -> None:
    """The part of a key that lists show opens nothing, whatever comes behind it."""
    secret, _ = make_key(watched)

    async def story(keyring: Keyring) -> None:
        assert await is_refused(keyring, secret[:12] + make_secret()[12:])
        assert await is_refused(keyring, secret[:-1])
        assert await is_refused(keyring, secret + "a")

    tell(story)


def test_the_hot_path_asks_nobody(
    watched: WatchedDatabase, clock: Clock, tell: Tell
) -> None:
    """A thousand requests in a second are one question to the database."""
    secret, _ = make_key(watched)

    async def story(keyring: Keyring) -> None:
        before = watched.n_sessions
        for _ in range(1_000):
            clock.s += 0.001
            await keyring.authenticate(secret)
        assert watched.n_sessions == before

    tell(story)


def test_a_revoked_key_ends_in_five_seconds(
    watched: Database, clock: Clock, tell: Tell
) -> None:
    """Whenever it was last read, a key that was revoked is soon unknown."""
    secret, holder = make_key(watched)
    make_key(watched)

    async def story(keyring: Keyring) -> None:
        assert await keyring.authenticate(secret) == holder
        revoke_key(watched, holder.key_id, now=clock.now())
        clock.s += 1
        assert await keyring.authenticate(secret) == holder
        clock.s += 4
        assert await is_refused(keyring, secret)

    tell(story)


def test_a_key_that_was_made_since(watched: Database, clock: Clock, tell: Tell) -> None:
    """A new key opens at once: one that is unknown is looked for again."""
    make_key(watched)

    async def story(keyring: Keyring) -> None:
        assert not keyring.is_open
        secret, holder = make_key(watched)
        clock.s += 0.2
        assert await keyring.authenticate(secret) == holder

    tell(story)


def test_guessing_costs_the_database_little(
    watched: WatchedDatabase, clock: Clock, tell: Tell
) -> None:
    """A thousand guesses in a second are at most ten questions to the database."""
    make_key(watched)

    async def story(keyring: Keyring) -> None:
        before = watched.n_sessions
        for _ in range(1_000):
            clock.s += 0.001
            assert await is_refused(keyring, make_secret())
        assert watched.n_sessions - before <= 10

    tell(story)


def test_a_key_expires_to_the_second(
    watched: Database, clock: Clock, tell: Tell
) -> None:
    """The end of a key needs no question to the database."""
    lifetime = timedelta(seconds=1)
    secret, holder = make_key(watched, lifetime=lifetime, now=clock.now())

    async def story(keyring: Keyring) -> None:
        clock.s += 0.999
        assert await keyring.authenticate(secret) == holder
        clock.s += 0.001
        assert await is_refused(keyring, secret)

    tell(story)


def test_without_keys_it_is_open(watched: Database, clock: Clock, tell: Tell) -> None:
    """As long as there is no key, everybody may come in; then soon nobody without."""

    async def story(keyring: Keyring) -> None:
        assert keyring.is_open
        assert await keyring.authenticate(None) is ANONYMOUS
        assert await keyring.authenticate("sk-of-another-service") is ANONYMOUS
        _, holder = make_key(watched)
        revoke_key(watched, holder.key_id)
        clock.s += 5
        assert await is_refused(keyring, None)
        assert not keyring.is_open

    tell(story)


def test_where_others_reach_it_it_is_never_open(watched: Database) -> None:
    """Without keys, a service that others can reach answers nobody."""

    async def story() -> None:
        keyring = Keyring(watched, KEYED, may_be_open=False)
        await keyring.load()
        assert await is_refused(keyring, None)
        await keyring.close()

    asyncio.run(story())


def test_a_scope_of_a_later_version(watched: Database, tell: Tell) -> None:
    """What this version does not know opens nothing, and closes nothing."""
    made = create_key(watched, name="bot", scopes={Scope.SCORE})
    with watched.session() as session:
        Keys(session).revoke(made.stored.id, START)
        Keys(session).add(
            name="later",
            prefix="kt_" + "a" * 9,
            digest=_digest_of_a(),
            scopes=["score", "rule_the_world"],
            created_at=START,
        )
        session.commit()

    async def story(keyring: Keyring) -> None:
        holder = await keyring.authenticate("kt_" + "a" * 43)
        assert holder.scopes == {Scope.SCORE}

    tell(story)


def _digest_of_a() -> str:
    # From `printf 'kt_aaa…' | sha256sum`, so that stored keys stay good.
    return "f0b88b88f5a1b44f26daf3cd4e78420510631bb7e3d62d259b143304080df458"
