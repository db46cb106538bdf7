"""People at work on a database of each kind."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import delete

from serving.app import create_app
from serving.db import Database
from serving.db.tables import CaseRow, LeaseRow
from serving.settings import Settings
from tests.fixtures.deciding import Floor, floor_of
from tests.fixtures.review_client import Office, office_of, people


@pytest.fixture
def migrated(database: Database) -> Database:
    """A database of each kind with its tables."""
    database.migrate()
    return database


@pytest.fixture
def floor(database: Database) -> Floor:
    """A floor where one answer decides a case."""
    database.migrate()
    return floor_of(database)


@pytest.fixture
def double(database: Database) -> Floor:
    """A floor where two people answer each case."""
    database.migrate()
    return floor_of(database, double=1)


@pytest.fixture(scope="session")
def whole_office(
    bundle: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Office]:
    """A started service with people, for all tests."""
    url = f"sqlite:///{tmp_path_factory.mktemp('office') / 'kiemtin.db'}"
    with closing(Database(url)) as database:
        database.migrate()
        secrets = people(database)
    app = create_app(Settings(bundle=bundle, database_url=url, workers=1))
    with TestClient(app) as client:
        yield office_of(app, client, secrets)


@pytest.fixture
def office(whole_office: Office) -> Iterator[Office]:
    """The same service, where no case is open yet."""
    yield whole_office
    with whole_office.database.session() as session:
        session.execute(delete(CaseRow))
        session.execute(delete(LeaseRow))
        session.commit()
