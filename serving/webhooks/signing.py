"""
Messages are signed, so that who gets them knows whose they are.

As in Standard Webhooks (https://www.standardwebhooks.com): an HMAC over the id, the time
and the body, for whose making and checking there are libraries in most languages.
"""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Iterable

PREFIX = "whsec_"
_N_BYTES = 32


def make_secret() -> str:
    """Return a new secret to sign by."""
    return PREFIX + base64.b64encode(secrets.token_bytes(_N_BYTES)).decode()


def sign(secret: str, message_id: str, at_s: int, body: bytes) -> str:
    """Return the signature of *body*, sent as *message_id* at *at_s* (Unix time)."""
    key = base64.b64decode(secret.removeprefix(PREFIX))
    content = b"%s.%d.%s" % (message_id.encode(), at_s, body)
    digest = hmac.new(key, content, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(digest).decode()}"


def signed_headers(
    secret_values: Iterable[str], message_id: str, at_s: int, body: bytes
) -> dict[str, str]:
    """Return the headers that prove *body*: a signature by each of the secrets."""
    signatures = (sign(x, message_id, at_s, body) for x in secret_values)
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(at_s),
        "webhook-signature": " ".join(signatures),
    }
