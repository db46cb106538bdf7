"""``kiemtin keys``, typed."""

import re
from pathlib import Path

import pytest

from serving.access.secrets import is_secret
from serving.review.policy import PACKAGED
from tests.fixtures.command_line import kiemtin


@pytest.fixture
def url(tmp_path: Path) -> str:
    """A database that is not there yet."""
    return f"sqlite:///{tmp_path / 'kiemtin.db'}"


def _create(url: str, name: str, *more: str) -> tuple[str, str]:
    done = kiemtin(
        "keys", "create", name, "--scope", "score", "--database-url", url, *more
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.decode(), done.stderr.decode()


def test_the_key_alone_goes_to_standard_output(url: str) -> None:
    """The key can be piped on; what there is to say goes beside it."""
    out, err = _create(url, "bot", "--scope", "posts", "--expires", "90d")
    _, later = _create(url, "bot")

    assert is_secret(out.removesuffix("\n"))
    assert out[3:15] not in err
    assert re.match(r"key_[0-9a-f]{32} for bot: posts score, until 20\d\d-", err)
    assert "only now" in err
    assert "the first" in err
    assert "until revoked" in later
    assert "the first" not in later


def test_the_list_shows_no_key(url: str) -> None:
    """Lists have all there is to know of a key, and not the key."""
    secrets = [_create(url, name)[0].strip() for name in ("old", "new")]
    kiemtin("keys", "revoke", secrets[0][:12], "--database-url", url)

    done = kiemtin("keys", "list", "--database-url", url)

    header, old, new = done.stdout.decode().splitlines()
    assert header.split()[:4] == ["ID", "PREFIX", "NAME", "SCOPES"]
    assert old.split()[1:4] == [secrets[0][:12], "old", "score"]
    assert old.endswith("revoked")
    assert new.endswith("live")
    assert not any(x[:16] in done.stdout.decode() for x in secrets)


def test_a_role_with_queues(url: str) -> None:
    """A reviewer's key says what it opens and where; the list knows the person."""
    made = [
        kiemtin(
            "keys", "create", "mai", "--role", "reviewer", "--database-url", url, *more
        )
        for more in (["--queue", "scam", "--queue", "abuse"], ["--scope", "metrics"])
    ]

    done = kiemtin("keys", "list", "--database-url", url)

    assert b"for mai: reviewer, in abuse scam, until revoked" in made[0].stderr
    assert b"for mai: reviewer metrics, until revoked" in made[1].stderr
    header, *rows = (x.split() for x in done.stdout.decode().splitlines())
    assert header[3:7] == ["SCOPES", "ROLE", "QUEUES", "PERSON"]
    assert rows[0][3:6] == ["-", "reviewer", "abuse,scam"]
    assert rows[1][3:6] == ["metrics", "reviewer", "all"]
    assert re.fullmatch("rev_[0-9a-f]{16}", rows[0][6])
    assert rows[0][6] == rows[1][6]


def test_a_queue_of_another_policy(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Queues are those of the review policy that the service will have."""
    path = tmp_path / "policy.toml"
    text = PACKAGED.read_text(encoding="utf-8")
    path.write_text(text.replace('"scam"', '"fraud"', 1), encoding="utf-8")
    create = ["keys", "create", "mai", "--role", "reviewer", "--database-url", url]

    done = kiemtin(*create, "--queue", "scam")

    assert done.returncode == 0
    monkeypatch.setenv("KIEMTIN_REVIEW_POLICY", str(path))
    refused = kiemtin(*create, "--queue", "scam")
    assert refused.returncode == 2
    assert "urgent, fraud, abuse" in " ".join(refused.stderr.decode().split())


def test_a_third_key_of_another_role(url: str) -> None:
    """The error says what the two keys of the name open."""
    for _ in range(2):
        kiemtin("keys", "create", "mai", "--role", "lead", "--database-url", url)

    done = kiemtin("keys", "create", "mai", "--role", "admin", "--database-url", url)

    assert done.returncode == 2
    assert b": lead, kt_" in done.stderr


def test_a_key_is_revoked_by_its_id(url: str) -> None:
    """The id that was told when the key was made ends it."""
    key_id = _create(url, "bot")[1].split()[0]

    first, second = (
        kiemtin("keys", "revoke", key_id, "--database-url", url) for _ in range(2)
    )

    assert (first.returncode, second.returncode) == (0, 0)
    assert b"at most 5 seconds" in first.stdout
    assert b"already" in second.stdout


def test_a_third_key_is_refused(url: str) -> None:
    """The error ends the command, and says which key to revoke."""
    first = _create(url, "bot")[1].split()[0]
    _create(url, "bot")

    done = kiemtin("keys", "create", "bot", "--scope", "score", "--database-url", url)

    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.startswith(b"kiemtin: too_many_keys: ")
    assert f"kiemtin keys revoke {first}".encode() in done.stderr


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (["create", "bot"], "--role"),
        (["create", "bot", "--role", "king"], "king"),
        (["create", "bot", "--role", "lead", "--queue", "none"], "urgent"),
        (["create", "bot", "--queue", "scam"], "--role"),
        (["create", "bot", "--scope", "world"], "world"),
        (["create", "a b", "--scope", "score"], "letters"),
        (["create", "x" * 65, "--scope", "score"], "letters"),
        (["create", "bot", "--scope", "score", "--expires", "soon"], "90d"),
        (["create", "bot", "--scope", "score", "--expires", "0d"], "90d"),
        (["create", "bot", "--scope", "score", "--expires", "999999w"], "90d"),
        (["revoke", "key_none"], "key_not_found"),
    ],
)
def test_what_cannot_be_meant(url: str, args: list[str], says: str) -> None:
    """A mistake ends the command with what is wrong, and makes no key."""
    done = kiemtin("keys", *args, "--database-url", url)

    assert (done.returncode, done.stdout) == (2, b"")
    assert says in done.stderr.decode()


def test_a_database_that_is_away() -> None:
    """It is said which setting names another."""
    done = kiemtin(
        "keys", "list", "--database-url", "postgresql://nobody@127.0.0.1:1/none"
    )

    assert done.returncode == 2
    assert done.stderr.startswith(b"kiemtin: database_unavailable: ")
    assert b"KIEMTIN_DATABASE_URL" in done.stderr
