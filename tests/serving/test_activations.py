"""The log of who made which model the one that scores."""

from datetime import UTC, datetime, timedelta

from serving.db import Activation, Activations, Database, Kind

AT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def _activation(n: int) -> Activation:
    return Activation(
        # The clocks of services differ; the order of the log is that of its entries.
        at=AT - timedelta(seconds=n),
        kind=Kind.ROLLBACK if n else Kind.ACTIVATION,
        by="key_1",
        name="tiny" * 100,
        version=str(n),
        digest=f"sha256:{n:064x}",
        before="",
    )


def test_the_newest_entry_is_the_last(database: Database) -> None:
    """What comes back is what was appended, the newest first."""
    database.migrate()
    with database.session() as session:
        for n in range(3):
            Activations(session).add(_activation(n))
        session.commit()

    with database.session() as session:
        latest = Activations(session).latest()
        both = Activations(session).latest(2)

    assert latest == [_activation(2)]
    assert both == [_activation(2), _activation(1)]


def test_an_empty_log_says_nothing(database: Database) -> None:
    """Where nobody chose, there is no entry."""
    database.migrate()

    with database.session() as session:
        assert Activations(session).latest() == []
