"""What must hold before the service listens, and the key that the first start makes."""

from datetime import UTC, datetime

from serving.access.hosts import is_loopback
from serving.access.keys import store_key
from serving.access.scopes import Role
from serving.access.secrets import digest_of, is_secret, make_secret
from serving.db import BY_ENVIRONMENT, BY_START, Database, Keys
from serving.errors import InvalidSettingError, KeysMissingError

ADMIN = "admin"
"""The name on the first key, whoever makes it."""


def prepare_keys(database: Database, host: str, admin_key: str = "") -> str | None:
    """
    See to it that somebody can come in, and nobody who should not.

    Args:
        database: Where the keys are.
        host: The address that the service will listen on.
        admin_key: A key that the environment gives, or nothing.

    Returns:
        The key that was made because there was none at all: it is known only now.

    Raises:
        InvalidSettingError: If *admin_key* does not look like a key.
        TooManyKeysError: If there are two other live keys of its name.
        KeysMissingError: If others could reach the service and no key is live.
        DatabaseUnavailableError: If nobody knows.
    """
    if admin_key:
        _keep(database, admin_key)
    if is_loopback(host):
        return _make_first(database)
    with database.session() as session:
        live = Keys(session).live(datetime.now(UTC))
    if not live:
        msg = (
            f"{host} can be reached from other machines, and no key is live; make one "
            "first: kiemtin keys create NAME --scope score, or give one in "
            "KIEMTIN_ADMIN_KEY"
        )
        raise KeysMissingError(msg)
    return None


def _keep(database: Database, secret: str) -> None:
    """Store the key of the environment; one that was revoked stays revoked."""
    if not is_secret(secret):
        msg = "KIEMTIN_ADMIN_KEY: must be kt_ and 43 letters, digits, - or _"
        raise InvalidSettingError(msg)
    with database.work("system") as work:
        keys = Keys(work.session)
        keys.lock()
        if all(x.digest != digest_of(secret) for x in keys.all()):
            store_key(work, secret, name=ADMIN, role=Role.ADMIN, made_by=BY_ENVIRONMENT)
        work.commit()


def _make_first(database: Database) -> str | None:
    with database.work("system") as work:
        keys = Keys(work.session)
        keys.lock()
        if keys.any():
            return None
        secret = make_secret()
        store_key(work, secret, name=ADMIN, role=Role.ADMIN, made_by=BY_START)
        work.commit()
    return secret
