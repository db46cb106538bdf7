"""What opens something, as the database said it at one moment."""

import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from serving.access.principals import Principal
from serving.access.scopes import CAPABILITIES, Role, Scope
from serving.access.secrets import digest_of, shown_prefix
from serving.db import Database, Keys, Sessions, StoredKey, StoredSession
from serving.keyed import Keyed


@dataclass(frozen=True, slots=True)
class Reading:
    """
    All live keys, with who holds them, and who signed in with them.

    Attributes:
        at_s: When the database was asked.
        by_prefix: The keys, by the part of them that is no secret.
        by_cookie: The sign-ins, by the digest of their cookie.
        in_force: Whether somebody made a key, so that nobody comes in without one.
    """

    at_s: float
    by_prefix: Mapping[str, Sequence[tuple[StoredKey, Principal]]]
    by_cookie: Mapping[str, tuple[StoredSession, StoredKey, Principal]]
    in_force: bool

    @classmethod
    def of(cls, database: Database, keyed: Keyed, at_s: float, now: datetime) -> Self:
        """Read all of them."""
        with database.session() as session:
            keys = Keys(session)
            live, in_force = keys.live(now), keys.in_force()
            sessions = Sessions(session).live(now)
        held = {key.id: (key, holder_of(key, keyed)) for key in live}
        by_prefix: dict[str, list[tuple[StoredKey, Principal]]] = {}
        for pair in held.values():
            by_prefix.setdefault(pair[0].prefix, []).append(pair)
        by_cookie = {
            x.digest: (x, *held[x.key_id]) for x in sessions if x.key_id in held
        }
        return cls(at_s, by_prefix, by_cookie, in_force)

    def find(self, secret: str, now: datetime) -> Principal | None:
        """Return who holds *secret*; None if nobody does any more."""
        digest = digest_of(secret)
        for key, holder in self.by_prefix.get(shown_prefix(secret), ()):
            if hmac.compare_digest(key.digest, digest):
                return None if key.is_expired(now) else holder
        return None

    def find_session(self, cookie: str, now: datetime) -> Principal | None:
        """Return who signed in and got *cookie*; None if that is over."""
        found = self.by_cookie.get(digest_of(cookie))
        if found is None:
            return None
        session, key, holder = found
        is_over = session.expires_at <= now or key.is_expired(now)
        return None if is_over else holder


def holder_of(key: StoredKey, keyed: Keyed) -> Principal:
    """Return who holds *key*, and what they may."""
    return Principal(
        key_id=key.id,
        scopes=scopes_of(key),
        person=keyed.person(key.name),
        queues=None if key.queues is None else frozenset(key.queues),
    )


def scopes_of(key: StoredKey) -> frozenset[Scope]:
    """Return what *key* opens; a role of a later version opens nothing here."""
    roles = [x for x in Role if x == key.role]
    return Scope.known(key.scopes).union(*(CAPABILITIES[x] for x in roles))
