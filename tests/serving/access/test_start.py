"""The keys that a start makes, in each kind of database."""

import asyncio
import threading
from contextlib import closing

import pytest

from serving.access.keyring import Keyring
from serving.access.keys import create_key, revoke_key
from serving.access.principals import ANONYMOUS
from serving.access.scopes import Role, Scope
from serving.access.secrets import is_secret, make_secret
from serving.access.start import prepare_keys
from serving.db import Database, Keys, StoredKey
from serving.errors import InvalidSettingError, KeysMissingError, TooManyKeysError
from tests.fixtures.watched import KEYED, Clock
from tests.serving.access.conftest import Tell

HERE, ELSEWHERE = "127.0.0.1", "192.0.2.1"


@pytest.fixture
def keys(database: Database) -> Database:
    """A database with the tables."""
    database.migrate()
    return database


def _all(database: Database) -> list[StoredKey]:
    with database.session() as session:
        return Keys(session).all()


def test_the_first_start_makes_an_admin(keys: Database) -> None:
    """Once, and only where there is no key at all."""
    first = prepare_keys(keys, HERE)
    second = prepare_keys(keys, HERE)

    assert first is not None
    assert is_secret(first)
    assert second is None
    (stored,) = _all(keys)
    assert (stored.name, stored.role, stored.made_by) == ("admin", "admin", "start")


def test_a_revoked_key_was_one(keys: Database) -> None:
    """A database that had a key is not started for the first time."""
    made = create_key(keys, name="bot", scopes={Scope.SCORE})
    revoke_key(keys, made.stored.id)

    assert prepare_keys(keys, HERE) is None


def test_it_is_open_all_the_same(watched: Database, clock: Clock, tell: Tell) -> None:
    """The first start's key locks nobody out; who brings it is that admin."""
    secret = prepare_keys(watched, HERE)

    async def story(keyring: Keyring) -> None:
        assert keyring.is_open
        assert await keyring.authenticate(None) is ANONYMOUS
        assert await keyring.authenticate(make_secret()) is ANONYMOUS
        admin = await keyring.authenticate(secret)
        assert admin.person == KEYED.person("admin")
        assert admin.scopes == {Scope.ADMIN}

        made = create_key(watched, name="mai", role=Role.REVIEWER)
        assert made.is_first
        clock.s += 5
        await keyring.authenticate(secret)
        assert not keyring.is_open

    tell(story)


def test_where_others_reach_it_it_makes_none(keys: Database) -> None:
    """A key that is printed is for who sits at the machine."""
    with pytest.raises(KeysMissingError, match="KIEMTIN_ADMIN_KEY"):
        prepare_keys(keys, ELSEWHERE)

    assert _all(keys) == []


@pytest.mark.parametrize("host", [HERE, ELSEWHERE])
def test_the_environment_gives_one(keys: Database, host: str) -> None:
    """It is stored once, like any other, is in force, and comes back to nobody."""
    secret = make_secret()

    assert prepare_keys(keys, host, secret) is None
    assert prepare_keys(keys, host, secret) is None

    (stored,) = _all(keys)
    assert (stored.name, stored.role) == ("admin", "admin")
    assert stored.made_by == "environment"
    assert secret not in repr(stored)
    with keys.session() as session:
        assert Keys(session).in_force()


def test_what_was_revoked_stays_revoked(keys: Database) -> None:
    """The environment does not bring back a key that somebody ended."""
    secret = make_secret()
    prepare_keys(keys, ELSEWHERE, secret)
    revoke_key(keys, secret)

    with pytest.raises(KeysMissingError):
        prepare_keys(keys, ELSEWHERE, secret)


def test_a_third_admin_key(keys: Database) -> None:
    """The environment's key is one of two of its name, as any other."""
    for _ in range(2):
        prepare_keys(keys, HERE, make_secret())

    with pytest.raises(TooManyKeysError, match="kiemtin keys revoke key_"):
        prepare_keys(keys, HERE, make_secret())


@pytest.mark.parametrize("secret", ["admin", "kt_", "kt_" + "a" * 42, "kt_" + "đ" * 43])
def test_what_is_no_key(keys: Database, secret: str) -> None:
    """A word that somebody made up is refused by the name of its variable, unseen."""
    with pytest.raises(InvalidSettingError, match="KIEMTIN_ADMIN_KEY") as e:
        prepare_keys(keys, HERE, secret)

    assert len(secret) < 4 or secret not in str(e.value).replace(
        "KIEMTIN_ADMIN_KEY", ""
    )
    assert _all(keys) == []


def test_many_that_start_at_once(keys: Database, database_url: str) -> None:
    """However many replicas start on an empty database, there is one first key."""
    made: list[str | None] = []
    start = threading.Barrier(5)

    def begin() -> None:
        with closing(Database(database_url)) as own:
            start.wait()
            made.append(prepare_keys(own, HERE))

    starters = [threading.Thread(target=begin) for _ in range(5)]
    for x in starters:
        x.start()
    for x in starters:
        x.join()

    assert len([x for x in made if x]) == 1
    assert len(_all(keys)) == 1


def test_roles_and_queues_come_with_the_key(
    watched: Database, clock: Clock, tell: Tell
) -> None:
    """A principal may what the role opens and the scopes besides, in those queues."""
    made = create_key(
        watched,
        name="mai",
        role=Role.REVIEWER,
        scopes={Scope.METRICS},
        queues={"scam", "abuse"},
    )

    async def story(keyring: Keyring) -> None:
        holder = await keyring.authenticate(made.secret)
        assert holder.scopes == {Scope.SCORE, Scope.REVIEW, Scope.METRICS}
        assert holder.queues == frozenset({"scam", "abuse"})
        assert holder.works_in("scam")
        assert not holder.works_in("urgent")

    tell(story)


def test_a_role_of_a_later_version(watched: Database, tell: Tell) -> None:
    """A role that is not known here opens nothing, and its queues stay closed."""
    made = create_key(watched, name="bot", scopes={Scope.SCORE})
    with watched.session() as session:
        Keys(session).add(
            name="later",
            prefix="kt_" + "a" * 9,
            digest="f0b88b88f5a1b44f26daf3cd4e78420510631bb7e3d62d259b143304080df458",
            scopes=[],
            role="emperor",
            queues=[],
            created_at=made.stored.created_at,
        )
        session.commit()

    async def story(keyring: Keyring) -> None:
        holder = await keyring.authenticate("kt_" + "a" * 43)
        assert holder.scopes == frozenset()
        assert not holder.works_in("scam")

    tell(story)


def test_a_database_that_is_new_is_not_open_to_others(keys: Database) -> None:
    """The first start's key alone lets no stranger in where others reach the service."""
    prepare_keys(keys, HERE)

    async def story() -> None:
        keyring = Keyring(keys, KEYED, may_be_open=False)
        await keyring.load()
        assert not keyring.is_open
        await keyring.close()

    asyncio.run(story())
