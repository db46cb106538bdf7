"""What a route may ask for."""

from collections.abc import Iterator
from typing import Annotated, cast

from fastapi import Depends, Request

from serving.db import Database, Posts
from serving.engine import Engine
from serving.settings import Settings


def _settings(request: Request) -> Settings:
    return cast("Settings", request.app.state.settings)


def _engine(request: Request) -> Engine:
    engine = cast("Engine", request.app.state.engine)
    request.state.model = engine.short_digest
    return engine


def _database(request: Request) -> Database:
    return cast("Database", request.app.state.database)


SettingsDep = Annotated[Settings, Depends(_settings)]
EngineDep = Annotated[Engine, Depends(_engine)]
DatabaseDep = Annotated[Database, Depends(_database)]


def get_posts(database: DatabaseDep) -> Iterator[Posts]:
    """Give the stored posts, and commit what became of them before the answer."""
    with database.session() as session:
        yield Posts(session)
        session.commit()


PostsDep = Annotated[Posts, Depends(get_posts, scope="function")]
