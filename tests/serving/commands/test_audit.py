"""``kiemtin audit``, typed."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from serving.db import Database
from tests.fixtures.command_line import kiemtin

NOW = datetime(2026, 11, 23, tzinfo=UTC)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A database in which a few things were done."""
    file = tmp_path / "kiemtin.db"
    with closing(Database(f"sqlite:///{file}")) as database:
        database.migrate()
        with database.work("system", now=NOW) as work:
            for n in range(5):
                work.note("case.claim", f"case_{n}", token=n)
            work.commit()
    return file


def _verify(path: Path, *more: str) -> tuple[int, str, str]:
    done = kiemtin("audit", "verify", "--database-url", f"sqlite:///{path}", *more)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def test_a_log_that_is_whole(path: Path) -> None:
    """The end of the log can be piped on, and is what the next run may expect."""
    status, head, said = _verify(path)
    again = _verify(path, "--expect", head.strip())

    assert (status, said) == (0, "5 rows, each as it was written\n")
    assert head.startswith("5:")
    assert again == (0, head, said)


def test_a_log_that_was_tampered_with(path: Path) -> None:
    """The command fails, and says at which position."""
    with closing(sqlite3.connect(path)) as database:
        database.execute("DROP TRIGGER audit_log_no_update")
        database.execute("UPDATE audit_log SET actor = 'rev_x' WHERE position = 3")
        database.commit()

    status, out, said = _verify(path)

    assert (status, out) == (2, "")
    assert said.startswith("kiemtin: audit_broken: the row at position 3 ")


def test_an_end_that_was_cut_off(path: Path) -> None:
    """What was printed once finds what is not there any more."""
    head = _verify(path)[1].strip()
    with closing(sqlite3.connect(path)) as database:
        database.execute("DROP TRIGGER audit_log_no_delete")
        database.execute("DELETE FROM audit_log WHERE position = 5")
        database.commit()

    status, _, said = _verify(path, "--expect", head)

    assert status == 2
    assert said.startswith("kiemtin: audit_broken: the row at position 5 is missing")


def test_what_cannot_be_expected(path: Path) -> None:
    """What is not the end of a log is refused before anything is read."""
    status, out, said = _verify(path, "--expect", "yesterday")

    assert (status, out) == (2, "")
    assert "--expect" in said


def test_a_database_that_is_not_ours(tmp_path: Path) -> None:
    """A database without the log is no log that is whole, and none is made in it."""
    status, out, said = _verify(tmp_path / "new.db")

    assert (status, out) == (2, "")
    assert said.startswith("kiemtin: database_unavailable: ")
