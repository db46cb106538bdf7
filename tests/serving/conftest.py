"""Clients of the service, with a real model and real databases."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from serving.app import create_app
from serving.db import Database
from serving.settings import Settings
from tests.fixtures.databases import postgres_database
from tests.fixtures.tiny_bundle import write_banded_bundle


@pytest.fixture(scope="session", autouse=True)
def _name_of_the_client() -> Iterator[None]:
    """Let services without keys answer Starlette's client, which says ``testserver``."""
    with pytest.MonkeyPatch.context() as m:
        m.setenv("KIEMTIN_ALLOWED_HOSTS", "testserver")
        yield


@pytest.fixture(scope="session")
def client(
    bundle: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[TestClient]:
    """A client of a started service; tests must not change what it serves."""
    database = tmp_path_factory.mktemp("database") / "kiemtin.db"
    settings = Settings(bundle=bundle, threads=1, database_url=f"sqlite:///{database}")
    with TestClient(create_app(settings)) as c:
        yield c


@pytest.fixture(scope="session")
def unsure_client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A client of a service whose bundle is not sure of abusive words."""
    folder = tmp_path_factory.mktemp("banded")
    bundle = write_banded_bundle(folder / "bundle")
    settings = Settings(bundle=bundle, database_url=f"sqlite:///{folder / 'db'}")
    with TestClient(create_app(settings)) as c:
        yield c


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database of each kind that we promise to work with."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'kiemtin.db'}"
        return
    with postgres_database() as url:
        yield url


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """The same database from the inside, not migrated."""
    with closing(Database(database_url)) as opened:
        yield opened


@pytest.fixture
def settings(bundle: Path, database_url: str) -> Settings:
    """Settings that tests may vary, once for each database."""
    return Settings(bundle=bundle, threads=1, database_url=database_url)
