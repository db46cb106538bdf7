"""Keys as people hold them, and the little of them that we keep."""

import hashlib
import re
import secrets

SHOWN_CHARS = 12
"""How much of a key is shown in lists: enough to know it by, and to find it."""

_START = "kt_"
_N_BYTES = 32
_SECRET = re.compile(r"kt_[A-Za-z0-9_-]{43}")


def make_secret() -> str:
    """Return a new key: 256 random bits, in letters that fit into a header."""
    return _START + secrets.token_urlsafe(_N_BYTES)


def is_secret(text: str) -> bool:
    """Say whether *text* has the form of a key."""
    return _SECRET.fullmatch(text) is not None


def digest_of(secret: str) -> str:
    """
    Return what is stored of a key.

    SHA-256 without salt or stretching: nobody guesses 256 random bits, and a slow
    hash would cost every request what it is meant to cost an attacker.
    """
    return hashlib.sha256(secret.encode()).hexdigest()


def shown_prefix(secret: str) -> str:
    """Return the part of a key that may be shown."""
    return secret[:SHOWN_CHARS]
