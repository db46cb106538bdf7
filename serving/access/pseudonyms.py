"""What pseudonyms are made with: the same on every replica, and for every command."""

from secrets import token_hex

from serving.db import Database, Secrets
from serving.errors import DatabaseUnavailableError
from serving.keyed import Keyed
from serving.settings import Settings


def read_keyed(settings: Settings, database: Database) -> Keyed:
    """
    Return what makes pseudonyms.

    Raises:
        DatabaseUnavailableError: If the database has the secret, and is away.
    """
    secret = settings.secret.get_secret_value()
    if not secret:
        with database.session() as session:
            secret = Secrets(session).get_or_make("keyed")
    return Keyed(secret.encode())


def read_keyed_or_own(settings: Settings, database: Database) -> Keyed:
    """Return the same; without a database what makes those of this process alone."""
    try:
        return read_keyed(settings, database)
    except DatabaseUnavailableError:
        return Keyed(token_hex().encode())
