"""What a first start prints, and what it takes from the environment."""

import re
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

import pytest

from serving.access.secrets import make_secret
from tests.e2e.conftest import Start
from tests.e2e.test_access import ask
from tests.fixtures.command_line import kiemtin

pytestmark = pytest.mark.timeout(180)


class _Stay(urllib.request.HTTPRedirectHandler):
    """Follows nothing: where somebody is sent is what is asked."""

    def redirect_request(self, *args: object) -> None:
        """Stay."""


def _status(url: str, path: str) -> tuple[int, str]:
    """Return the status of a page, and where it leads."""
    try:
        with urllib.request.build_opener(_Stay).open(f"{url}{path}", timeout=60) as r:
            return r.status, ""
    except urllib.error.HTTPError as e:
        with e:
            return e.code, e.headers.get("location", "")


def test_the_first_start_prints_a_key_once(start: Start, tmp_path: Path) -> None:
    """The key is an admin's, stands in no log, and locks nobody out."""
    url = f"sqlite:///{tmp_path / 'kiemtin.db'}"
    first = start(KIEMTIN_DATABASE_URL=url)
    first.wait_until_ready()

    (key,) = re.findall(r"^  (kt_[\w-]{43})$", first.out, re.MULTILINE)
    assert f"{first.url}/console" in first.out
    assert key[3:] not in first.err
    assert "access open to this machine" in first.out
    assert ask(first.url) == (200, "")
    assert ask(first.url, key=key, host="evil.example") == (200, "")
    assert ask(first.url, host="evil.example") == (403, "foreign_host")
    first.process.terminate()
    first.process.wait(timeout=30)

    second = start(KIEMTIN_DATABASE_URL=url)
    second.wait_until_ready()
    assert "kt_" not in second.out
    assert "access open to this machine" in second.out
    listed = kiemtin("keys", "list", "--database-url", url).stdout.decode()
    assert listed.splitlines()[1].split()[1] == key[:12]


def test_the_environment_gives_the_key(start: Start, tmp_path: Path) -> None:
    """With a key of the environment others may reach it, and nothing prints it."""
    key = make_secret()
    service = start(
        KIEMTIN_HOST="0.0.0.0",  # noqa: S104 - that is the point
        KIEMTIN_ADMIN_KEY=key,
        KIEMTIN_DATABASE_URL=f"sqlite:///{tmp_path / 'kiemtin.db'}",
    )
    service.wait_until_ready()

    assert key[3:] not in service.out + service.err
    assert ask(service.url) == (401, "unauthenticated")
    assert ask(service.url, key=key) == (200, "")


def test_a_key_that_somebody_made_up(start: Start) -> None:
    """A weak key is refused by the name of its variable, and not repeated."""
    service = start(KIEMTIN_ADMIN_KEY="correct-horse")

    assert service.process.wait(timeout=60) == 2
    assert service.err.startswith("kiemtin: invalid_setting: KIEMTIN_ADMIN_KEY: ")
    assert len(service.err.splitlines()) == 1
    assert "horse" not in service.err + service.out


def test_the_console_wants_a_person(start: Start) -> None:
    """Also where everybody may score, a page of the console leads to the sign-in."""
    service = start()
    service.wait_until_ready()

    assert _status(service.url, "/console") == (303, "/console/sign-in?next=/console")
