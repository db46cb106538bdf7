"""Services that really listen, for clients that really connect."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from googleapiclient import discovery

from serving.access.keys import create_key
from serving.access.scopes import Scope
from serving.app import create_app
from serving.db import Database
from serving.settings import Settings

START_S = 60


@contextmanager
def listening(settings: Settings) -> Iterator[str]:
    """Serve in a thread of this process, and say where."""
    config = uvicorn.Config(create_app(settings), log_config=None, access_log=False)
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=server.run, args=([listener],))
        thread.start()
        until = time.monotonic() + START_S
        while not server.started and thread.is_alive() and time.monotonic() < until:
            time.sleep(0.02)
        assert server.started
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        server.should_exit = True
        thread.join(timeout=START_S)
        assert not thread.is_alive()


@pytest.fixture(scope="session")
def service(bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a service; tests must not change what it serves."""
    folder = tmp_path_factory.mktemp("doors")
    database_url = f"sqlite:///{folder / 'db'}"
    with listening(Settings(bundle=bundle, database_url=database_url)) as url:
        yield url


@dataclass(frozen=True, slots=True)
class Locked:
    """
    A service with keys, each good for four posts a minute.

    Attributes:
        url: Its address.
        score: A key that may score; for one post in each protocol.
        spent: Another, for as many as it takes to be refused.
        posts: One that may not.
    """

    url: str
    score: str
    spent: str
    posts: str


@pytest.fixture(scope="session")
def locked(bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Locked]:
    """A service with two keys that may score, and one that may not."""
    database_url = f"sqlite:///{tmp_path_factory.mktemp('locked') / 'db'}"
    with closing(Database(database_url)) as database:
        database.migrate()
        score, spent = (
            create_key(database, name=x, scopes=[Scope.SCORE]).secret
            for x in ("score", "spent")
        )
        posts = create_key(database, name="posts", scopes=[Scope.POSTS]).secret
    settings = Settings(
        bundle=bundle,
        database_url=database_url,
        interactive_items_per_minute=4,
    )
    with listening(settings) as url:
        yield Locked(url, score, spent, posts)


@pytest.fixture(scope="session")
def hollow(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a service whose bundle is not there."""
    folder = tmp_path_factory.mktemp("hollow")
    database_url = f"sqlite:///{folder / 'db'}"
    with listening(Settings(bundle=folder, database_url=database_url)) as url:
        yield url


@pytest.fixture(scope="session")
def comments(service: str) -> Iterator[Any]:
    """Google's client, with another address and nothing else changed."""
    with discovery.build(
        "commentanalyzer",
        "v1alpha1",
        developerKey="kt_any",
        discoveryServiceUrl=f"{service}/$discovery/rest?version=v1alpha1",
        static_discovery=False,
    ) as client:
        yield client.comments()
