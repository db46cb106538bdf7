"""Signatures are what the library of Standard Webhooks makes and takes."""

from datetime import UTC, datetime

import pytest
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from serving.webhooks.signing import make_secret, sign, signed_headers

BODY = '{"type":"decision.made","data":{"n":1,"chữ":"ừ"}}'.encode()


def _now_s() -> int:
    return int(datetime.now(UTC).timestamp())


def test_the_library_makes_the_same_signature() -> None:
    """What we sign is what others would sign."""
    secret, at = make_secret(), datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)

    ours = sign(secret, "msg_1", int(at.timestamp()), BODY)

    assert ours == Webhook(secret).sign("msg_1", at, BODY.decode())


def test_the_library_takes_a_message() -> None:
    """A receiver that verifies by the library believes us."""
    secret = make_secret()

    headers = signed_headers([secret], "msg_1", _now_s(), BODY)

    assert Webhook(secret).verify(BODY, headers)["type"] == "decision.made"


def test_while_secrets_change_both_are_good() -> None:
    """A receiver may still have the old secret, or the new one already."""
    old, new = make_secret(), make_secret()

    headers = signed_headers([new, old], "msg_1", _now_s(), BODY)

    assert headers["webhook-signature"].count("v1,") == 2
    for secret in (old, new):
        assert Webhook(secret).verify(BODY, headers)


@pytest.mark.parametrize("part", ["webhook-id", "webhook-timestamp", "body", "secret"])
def test_what_was_tampered_with_is_refused(part: str) -> None:
    """The id, the time and the body are all signed, and by this secret alone."""
    secret = make_secret()
    headers = signed_headers([secret], "msg_1", _now_s(), BODY)
    other = make_secret() if part == "secret" else secret
    body = BODY.replace(b"1", b"2") if part == "body" else BODY
    changes = {"webhook-id": "msg_2", "webhook-timestamp": str(_now_s() - 1)}
    headers |= {k: v for k, v in changes.items() if k == part}

    with pytest.raises(WebhookVerificationError):
        Webhook(other).verify(body, headers)


def test_secrets_differ() -> None:
    """No two addresses have the same secret."""
    assert len({make_secret() for _ in range(100)}) == 100
