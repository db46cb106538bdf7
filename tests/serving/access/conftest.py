"""A service with keys in force, and keys by themselves."""

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from serving.access.keyring import Keyring
from serving.access.keys import create_key
from serving.access.scopes import Role, Scope
from serving.app import create_app
from serving.db import Database
from serving.settings import Settings
from tests.fixtures.watched import KEYED, Clock, WatchedDatabase

Story = Callable[[Keyring], Coroutine[Any, Any, None]]
Tell = Callable[[Story], None]


@dataclass(frozen=True, slots=True)
class Locked:
    """A started service, and a key for each scope and for each role."""

    app: FastAPI
    client: TestClient
    secrets: dict[Scope, str]
    by_role: dict[Role, str]

    def secret(self, holder: Scope | Role) -> str:
        """Return the key for a scope, or of a role."""
        if isinstance(holder, Role):
            return self.by_role[holder]
        return self.secrets[holder]

    def bearer(self, holder: Scope | Role) -> dict[str, str]:
        """Return the header of who holds a key for a scope, or of a role."""
        return {"Authorization": f"Bearer {self.secret(holder)}"}

    def cookie(self, holder: Scope | Role) -> str:
        """Return the cookie of who signs in with a key for a scope, or of a role."""
        assert self.client.portal is not None
        sign_in = self.app.state.sign_ins.sign_in
        cookie: str = self.client.portal.call(sign_in, self.secret(holder)).cookie
        return cookie


@pytest.fixture(scope="session")
def locked(bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Locked]:
    """A service that nobody may ask without a key; tests must not change its keys."""
    url = f"sqlite:///{tmp_path_factory.mktemp('locked') / 'kiemtin.db'}"
    with closing(Database(url)) as database:
        database.migrate()
        secrets = {
            x: create_key(database, name=f"for-{x}", scopes={x}).secret for x in Scope
        }
        by_role = {x: create_key(database, name=f"is-{x}", role=x).secret for x in Role}
    app = create_app(Settings(bundle=bundle, database_url=url, workers=1))
    with TestClient(app) as client:
        yield Locked(app, client, secrets, by_role)


@pytest.fixture
def watched(database: Database, database_url: str) -> Iterator[WatchedDatabase]:
    """A database of each kind, with the tables."""
    database.migrate()
    with closing(WatchedDatabase(database_url)) as opened:
        yield opened


@pytest.fixture
def clock() -> Clock:
    """A clock at rest."""
    return Clock()


@pytest.fixture
def tell(watched: WatchedDatabase, clock: Clock) -> Tell:
    """Run a story with a keyring that was loaded."""

    def run(story: Story) -> None:
        async def whole() -> None:
            keyring = Keyring(
                watched,
                KEYED,
                may_be_open=True,
                clock=clock,
                now=clock.now,
                patience_s=0.05,
            )
            await keyring.load()
            await story(keyring)
            watched.answers.set()
            await keyring.close()

        asyncio.run(whole())

    return run
