"""Put the service together."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from importlib.metadata import version

import anyio.to_thread
import structlog
from fastapi import FastAPI

from serving import console
from serving.db import Database
from serving.engine import Engine
from serving.errors import DatabaseUnavailableError
from serving.handlers import add_problem_handlers
from serving.middleware import BodyLimit, RequestFrame
from serving.openapi import describe
from serving.retention import keep_purging
from serving.routes import assets, batch, docs, posts, score, state
from serving.settings import Settings

_log = structlog.get_logger()

DESCRIPTION = """\
Reads Vietnamese posts and says which of them a human moderator should look at, and why.
A person decides; nothing is stored unless `store` is true."""


def create_app(settings: Settings) -> FastAPI:
    """Return the application, which loads its bundle when it starts."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.settings = settings
        app.state.database = database = Database(settings.database_url)
        await anyio.to_thread.run_sync(_migrate, database)
        app.state.engine = await anyio.to_thread.run_sync(_start_engine, settings)
        purging = asyncio.create_task(
            keep_purging(database, retention_days=settings.retention_days)
        )
        yield
        purging.cancel()
        with suppress(asyncio.CancelledError):
            await purging
        database.close()

    app = FastAPI(
        title="Kiểm Tin",
        version=version("kiemtin"),
        description=DESCRIPTION,
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
    )
    app.openapi = lambda: describe(app)  # type: ignore[method-assign]
    add_problem_handlers(app)
    app.add_middleware(BodyLimit, max_bytes=settings.max_body_bytes)
    app.add_middleware(RequestFrame)
    for module in (score, batch, posts, state, assets, console):
        app.include_router(module.router)
    if settings.docs:
        app.include_router(docs.router)
    return app


def _migrate(database: Database) -> None:
    try:
        database.migrate()
    except DatabaseUnavailableError as e:
        # Scoring needs no database: the process lives, and /ready says what is wrong.
        _log.error("not_migrated", code=e.code)


def _start_engine(settings: Settings) -> Engine:
    engine = Engine.start(
        settings.bundle, threads=settings.threads, max_scorings=settings.max_scorings
    )
    if engine.refusal:
        _log.error("bundle_refused", code=engine.refusal.code)
    else:
        _log.info("bundle_loaded", model=engine.short_digest)
    return engine
