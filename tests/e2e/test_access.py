"""Who may reach a service that runs: rules of its start, and of its first key."""

import json
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from tests.e2e.conftest import Start
from tests.fixtures.command_line import kiemtin

pytestmark = pytest.mark.timeout(180)


def ask(url: str, *, key: str = "", host: str = "") -> tuple[int, str]:
    """Return the status of a score, and the code if it was refused."""
    request = urllib.request.Request(  # noqa: S310 - our own service
        f"{url}/v1/score",
        json.dumps({"text": "đồ ngu"}).encode(),
        {"Content-Type": "application/json"}
        | ({"Authorization": f"Bearer {key}"} if key else {})
        | ({"Host": host} if host else {}),
    )
    try:
        with urllib.request.urlopen(request, timeout=60) as r:  # noqa: S310
            return r.status, ""
    except urllib.error.HTTPError as e:
        with e:
            return e.code, json.load(e)["code"]


def _url(folder: Path) -> str:
    return f"sqlite:///{folder / 'kiemtin.db'}"


def _make_key(folder: Path) -> str:
    done = kiemtin(
        "keys", "create", "bot", "--scope", "score", "--database-url", _url(folder)
    )
    return done.stdout.decode().strip()


def test_without_a_key_it_is_open_to_its_machine(start: Start) -> None:
    """It says so when it starts, and answers no name but this machine's."""
    service = start()
    service.wait_until_ready()

    assert "access open to this machine" in service.out
    assert ask(service.url) == (200, "")
    assert ask(service.url, host="evil.example") == (403, "foreign_host")


def test_with_a_key_it_is_closed(start: Start, tmp_path: Path) -> None:
    """Where there is a key, loopback needs one too."""
    key = _make_key(tmp_path)

    service = start(KIEMTIN_DATABASE_URL=_url(tmp_path))
    service.wait_until_ready()

    assert "access for those who have a key" in service.out
    assert ask(service.url) == (401, "unauthenticated")
    assert ask(service.url, key=key) == (200, "")
    assert ask(service.url, key=key, host="kiemtin.example") == (200, "")
    assert key[3:] not in service.out + service.err


@pytest.mark.parametrize("is_revoked", [False, True], ids=["none", "revoked"])
def test_others_may_not_reach_it_without_a_key(
    start: Start, tmp_path: Path, *, is_revoked: bool
) -> None:
    """On another address it ends with one line that says how to make a key."""
    if is_revoked:
        key = _make_key(tmp_path)
        kiemtin("keys", "revoke", key, "--database-url", _url(tmp_path))

    service = start(
        KIEMTIN_HOST="0.0.0.0",  # noqa: S104 - that is the point
        KIEMTIN_DATABASE_URL=_url(tmp_path),
    )

    assert service.process.wait(timeout=60) == 2
    assert service.err.startswith("kiemtin: keys_missing: ")
    assert "kiemtin keys create" in service.err
    assert len(service.err.splitlines()) == 1


def test_others_may_reach_it_with_a_key(start: Start, tmp_path: Path) -> None:
    """With a live key it listens where it is told to."""
    key = _make_key(tmp_path)

    service = start(
        KIEMTIN_HOST="0.0.0.0",  # noqa: S104 - that is the point
        KIEMTIN_DATABASE_URL=_url(tmp_path),
    )
    service.wait_until_ready()

    assert ask(service.url) == (401, "unauthenticated")
    assert ask(service.url, key=key) == (200, "")
