"""How people want the console, in each kind of database."""

import pytest

from serving.db import Database, Preferences

MAI, LAN = "rev_0000000000000001", "rev_0000000000000002"


def test_until_somebody_chooses(database: Database) -> None:
    """Who chose nothing sees texts blurred and pictures grey, as many as they like."""
    database.migrate()
    with database.session() as session:
        assert Preferences(session).get(MAI) == {"blur": 1, "grey": 1, "budget": 0}


def test_each_person_has_their_own(database: Database) -> None:
    """What one chose stays, changes bit by bit, and is nobody else's."""
    database.migrate()
    with database.session() as session:
        Preferences(session).set(MAI, {"blur": 0, "budget": 200})
        session.commit()
    with database.session() as session:
        Preferences(session).set(MAI, {"grey": 0})
        session.commit()

    with database.session() as session:
        preferences = Preferences(session)
        assert preferences.get(MAI) == {"blur": 0, "grey": 0, "budget": 200}
        assert preferences.get(LAN)["blur"] == 1


def test_what_is_no_preference(database: Database) -> None:
    """A name that means nothing is not written."""
    database.migrate()
    with database.session() as session, pytest.raises(KeyError):
        Preferences(session).set(MAI, {"colour": 1})
