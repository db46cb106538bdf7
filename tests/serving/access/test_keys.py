"""Keys are made, replaced and revoked, in each kind of database."""

import re
import threading
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from serving.access.keys import create_key, revoke_key
from serving.access.scopes import Scope
from serving.access.secrets import digest_of, is_secret, make_secret
from serving.db import Database, Keys
from serving.errors import KeyNotFoundError, TooManyKeysError

NOW = datetime(2026, 11, 23, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
SCOPES = {Scope.SCORE, Scope.POSTS}


@pytest.fixture
def keys(database: Database) -> Database:
    """A database with the tables."""
    database.migrate()
    return database


def _live(database: Database, name: str, now: datetime = NOW) -> list[str]:
    with database.session() as session:
        return [x.id for x in Keys(session).live(now, name=name)]


def test_a_key_is_long_and_random() -> None:
    """A key says what it is, and holds 256 bits that nobody guesses."""
    secrets = {make_secret() for _ in range(100)}

    assert len(secrets) == 100
    assert all(re.fullmatch(r"kt_[\w-]{43}", x, re.ASCII) for x in secrets)
    assert all(map(is_secret, secrets))


def test_the_key_itself_is_stored_nowhere(keys: Database) -> None:
    """A stolen database has no key in it, only what tells keys apart."""
    made = create_key(keys, name="bot", scopes=SCOPES, now=NOW)

    with keys.session() as session:
        (stored,) = Keys(session).all()
    assert made.secret not in repr(stored)
    assert stored == made.stored
    assert stored.id.startswith("key_")
    assert stored.prefix == made.secret[:12]
    assert stored.digest == digest_of(made.secret)
    assert stored.scopes == ("posts", "score")
    assert (stored.created_at, stored.expires_at) == (NOW, None)
    assert (stored.revoked_at, stored.last_used_at) == (None, None)


def test_the_first_key_says_so(keys: Database) -> None:
    """With the first key everything changes, so who makes it is told."""
    made = [create_key(keys, name=x, scopes=SCOPES) for x in ("a", "b")]

    assert [x.is_first for x in made] == [True, False]


def test_two_keys_of_a_name_live(keys: Database) -> None:
    """A second key can take over; a third is refused, and the error says what helps."""
    first = create_key(keys, name="bot", scopes=SCOPES, now=NOW).stored
    second = create_key(keys, name="bot", scopes=SCOPES, now=LATER).stored
    create_key(keys, name="other", scopes=SCOPES, now=NOW)

    with pytest.raises(TooManyKeysError, match=f"revoke {first.id}") as e:
        create_key(keys, name="bot", scopes=SCOPES, now=LATER)

    assert second.prefix in str(e.value)
    assert set(_live(keys, "bot")) == {first.id, second.id}
    revoke_key(keys, first.id, now=NOW)
    third = create_key(keys, name="bot", scopes=SCOPES, now=NOW).stored
    assert set(_live(keys, "bot")) == {second.id, third.id}


def test_an_expired_key_makes_room(keys: Database) -> None:
    """What opens nothing any more does not count."""
    day = timedelta(days=1)
    for _ in range(2):
        create_key(keys, name="bot", scopes=SCOPES, lifetime=day, now=NOW)

    later = create_key(keys, name="bot", scopes=SCOPES, now=NOW + day).stored

    assert later.expires_at is None
    assert _live(keys, "bot", NOW + day) == [later.id]


def test_many_who_make_keys_at_once(keys: Database, database_url: str) -> None:
    """However many try together, two keys of a name live."""
    start = threading.Barrier(6)
    refused = []

    def make() -> None:
        with closing(Database(database_url)) as own:
            start.wait()
            try:
                create_key(own, name="bot", scopes=SCOPES, now=NOW)
            except TooManyKeysError as e:
                refused.append(e)

    makers = [threading.Thread(target=make) for _ in range(6)]
    for maker in makers:
        maker.start()
    for maker in makers:
        maker.join()

    assert len(_live(keys, "bot")) == 2
    assert len(refused) == 4


@pytest.mark.parametrize("by", ["id", "prefix", "key"])
def test_a_key_is_revoked_by_what_is_known_of_it(keys: Database, by: str) -> None:
    """Its id, its beginning or the leaked key itself will do."""
    made = create_key(keys, name="bot", scopes=SCOPES, now=NOW)
    kept = create_key(keys, name="bot", scopes=SCOPES, now=NOW).stored
    names = {"id": made.stored.id, "prefix": made.stored.prefix, "key": made.secret}

    revoke_key(keys, names[by], now=NOW)

    assert _live(keys, "bot") == [kept.id]


def test_revoking_twice_keeps_the_first_moment(keys: Database) -> None:
    """When a key ended is history, and is not written anew."""
    made = create_key(keys, name="bot", scopes=SCOPES, now=NOW).stored
    revoke_key(keys, made.id, now=NOW)

    before = revoke_key(keys, made.id, now=NOW + timedelta(days=1))

    assert before.revoked_at == NOW
    with keys.session() as session:
        assert [x.revoked_at for x in Keys(session).all()] == [NOW]


@pytest.mark.parametrize("which", ["key_none", "kt_", "", "%", "kt_" + "x" * 43])
def test_no_key_is_revoked_by_accident(keys: Database, which: str) -> None:
    """What names no key ends none."""
    made = create_key(keys, name="bot", scopes=SCOPES, now=NOW).stored

    with pytest.raises(KeyNotFoundError, match="kiemtin keys list"):
        revoke_key(keys, which, now=NOW)

    assert _live(keys, "bot") == [made.id]


def test_two_keys_that_begin_alike(keys: Database) -> None:
    """Where a beginning is not enough, the ids that it could mean are told."""
    with keys.session() as session:
        ids = [
            Keys(session)
            .add(
                name=name,
                prefix="kt_123456789",
                digest=name,
                scopes=["score"],
                created_at=NOW,
            )
            .id
            for name in ("a", "b")
        ]
        session.commit()

    with pytest.raises(KeyNotFoundError) as e:
        revoke_key(keys, "kt_123456789", now=NOW)

    assert all(x in str(e.value) for x in ids)
