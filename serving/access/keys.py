"""Keys are made, and revoked."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from serving.access.scopes import Role, Scope
from serving.access.secrets import digest_of, is_secret, make_secret, shown_prefix
from serving.db import Database, Keys, StoredKey, Work
from serving.errors import KeyNotFoundError, TooManyKeysError

MOST_LIVE = 2
"""Of one name: the one that is in use, and the one that takes over."""


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key on the only occasion that it is known."""

    secret: str
    stored: StoredKey
    is_first: bool


def create_key(
    database: Database,
    *,
    name: str,
    scopes: Collection[Scope] = (),
    role: Role | None = None,
    queues: Collection[str] | None = None,
    lifetime: timedelta | None = None,
    now: datetime | None = None,
) -> NewKey:
    """
    Store a new key and return it.

    Args:
        database: Where the keys are.
        name: Who it is for; two keys of a name are one person.
        scopes: What it opens besides what *role* does.
        role: What its holder does all day.
        queues: The queues that they work in; None is all of them.
        lifetime: After which it ends; None is never.
        now: When it is made.

    Raises:
        TooManyKeysError: If *name* has two live keys already.
    """
    secret = make_secret()
    with database.work("system", now=now) as work:
        is_first = not Keys(work.session).in_force()
        ends = work.now + lifetime if lifetime else None
        stored = store_key(
            work, secret, name=name, scopes=scopes, role=role, queues=queues, ends=ends
        )
        work.commit()
    return NewKey(secret, stored, is_first)


def store_key(
    work: Work,
    secret: str,
    *,
    name: str,
    scopes: Collection[Scope] = (),
    role: Role | None = None,
    queues: Collection[str] | None = None,
    ends: datetime | None = None,
    made_by: str | None = None,
) -> StoredKey:
    """
    Store *secret* as a key of *name*.

    Raises:
        TooManyKeysError: If *name* has two live keys already.
    """
    keys = Keys(work.session)
    stored = keys.add(
        name=name,
        prefix=shown_prefix(secret),
        digest=digest_of(secret),
        scopes=sorted(scopes),
        role=role,
        queues=None if queues is None else sorted(queues),
        made_by=made_by,
        created_at=work.now,
        expires_at=ends,
    )
    _check_room(name, [x for x in keys.live(work.now, name=name) if x.id != stored.id])
    work.note(
        "key.create",
        stored.id,
        role=stored.role or "",
        scopes=" ".join(stored.scopes),
        queues="*" if stored.queues is None else " ".join(stored.queues),
        made_by=made_by or "command",
    )
    return stored


def _check_room(name: str, live: Sequence[StoredKey]) -> None:
    if len(live) >= MOST_LIVE:
        shown = ", ".join(f"{x.prefix}: {described(x)}" for x in live)
        msg = (
            f"{name} has {len(live)} live keys already ({shown}); revoke one, "
            f"such as: kiemtin keys revoke {live[0].id}"
        )
        raise TooManyKeysError(msg)


def described(key: StoredKey) -> str:
    """Return what *key* is good for, in a line."""
    what = " ".join(x for x in (key.role, *key.scopes) if x)
    if key.queues is None:
        return what
    return f"{what}, in {' '.join(key.queues)}"


def revoke_key(
    database: Database, which: str, *, now: datetime | None = None
) -> StoredKey:
    """
    Let a key open nothing any more, and return it as it was before.

    Args:
        database: Where the keys are.
        which: Its id, the beginning that lists show, or the key itself.
        now: When it ends.

    Raises:
        KeyNotFoundError: If *which* is no key, or more than one.
    """
    with database.work("system", now=now) as work:
        keys = Keys(work.session)
        if is_secret(which):
            found = [x for x in keys.all() if x.digest == digest_of(which)]
        else:
            found = keys.named(which)
        if len(found) != 1:
            ids = ", ".join(x.id for x in found)
            msg = f"that is {len(found)} keys: {ids}" if found else "no such key"
            msg = f"{msg}; kiemtin keys list shows the ids"
            raise KeyNotFoundError(msg)
        if found[0].revoked_at is None:
            keys.revoke(found[0].id, work.now)
            work.note("key.revoke", found[0].id)
        work.commit()
    return found[0]
