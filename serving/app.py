"""Put the service together."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from importlib.metadata import version

import anyio.to_thread
import structlog
from fastapi import FastAPI, Request, Response
from starlette.middleware.cors import CORSMiddleware

from kiemtin.errors import ExtraMissingError, KiemtinError
from serving import console, doors
from serving.access.admission import Admission
from serving.access.hosts import is_loopback
from serving.access.keyring import Keyring, keep_noting
from serving.access.pseudonyms import read_keyed_or_own
from serving.access.quotas import Quotas
from serving.access.signing_in import SignIns
from serving.db import Database
from serving.engine import Lane
from serving.errors import DatabaseUnavailableError
from serving.handlers import add_problem_handlers
from serving.headers import HeaderLimit
from serving.idempotency import HEADER as IDEMPOTENCY_KEY
from serving.idempotency import (
    REPLAYED,
    Idempotency,
    is_repeatable,
    keep_purging_answers,
)
from serving.lineup import line_up
from serving.metrics import Metrics
from serving.middleware import REQUEST_ID, BodyLimit, RequestFrame
from serving.openapi import describe
from serving.retention import keep_purging
from serving.review.policy import PACKAGED, ReviewPolicy
from serving.routes import (
    appeals,
    assets,
    audit,
    batch,
    cases,
    decisions,
    docs,
    exports,
    goldens,
    ingest,
    metrics,
    models,
    policies,
    posts,
    reviews,
    score,
    state,
    stats,
    stream,
    webhooks,
)
from serving.settings import Settings
from serving.shortcut import Shortcut
from serving.webhooks.counting import WebhookCounts
from serving.webhooks.running import keep_delivering

_log = structlog.get_logger()

_SPARE_S = 30
"""Who asks under an Idempotency-Key has as long as a batch, and this much besides."""
_ALLOWED_HEADERS = (
    "Authorization", "Content-Type", IDEMPOTENCY_KEY, "If-Match", REQUEST_ID,
)  # fmt: skip
_EXPOSED_HEADERS = (
    "ETag", REPLAYED, "RateLimit", "RateLimit-Policy", "Retry-After", REQUEST_ID,
)  # fmt: skip

DESCRIPTION = """\
Reads Vietnamese posts and says which of them a human moderator should look at, and why.
A person decides; nothing is stored unless `store` is true."""


def create_app(settings: Settings) -> FastAPI:
    """Return the application, which loads its bundle when it starts."""
    policy = ReviewPolicy.read(settings.review_policy or PACKAGED)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.settings = settings
        app.state.database = database = Database(
            settings.database_url, on_failure=counts.database_failed
        )
        await anyio.to_thread.run_sync(_migrate, database)
        app.state.review_policy = policy
        app.state.keyed = await anyio.to_thread.run_sync(
            read_keyed_or_own, settings, database
        )
        app.state.keyring = keyring = Keyring(
            database, app.state.keyed, may_be_open=is_loopback(settings.host)
        )
        app.state.quotas = Quotas(
            {
                Lane.INTERACTIVE: settings.interactive_items_per_minute,
                Lane.BULK: settings.bulk_items_per_minute,
            }
        )
        app.state.sign_ins = SignIns(database, keyring, hours=settings.session_hours)
        await keyring.load()
        async with line_up(settings, database, counts) as lineup:
            app.state.engine = lineup.engine
            app.state.rollout, app.state.shadow = lineup.rollout, lineup.shadow
            purging = asyncio.create_task(
                keep_purging(database, retention_days=settings.retention_days)
            )
            noting = asyncio.create_task(keep_noting(keyring))
            forgetting = asyncio.create_task(keep_purging_answers(database))
            delivering = asyncio.create_task(
                keep_delivering(
                    database,
                    settings.webhook_hosts,
                    note=webhook_counts.tried,
                    show=webhook_counts.show,
                )
            )
            yield
            for task in (purging, noting, forgetting, delivering):
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task
            await keyring.close()
        database.close()
        await anyio.to_thread.run_sync(end_tracing)

    app = FastAPI(
        title="Kiểm Tin",
        version=version("kiemtin"),
        description=DESCRIPTION,
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
    )
    app.state.metrics = counts = Metrics()
    webhook_counts = WebhookCounts(counts.registry)
    app.openapi = lambda: describe(app, is_repeatable=is_repeatable)  # type: ignore[method-assign]
    add_problem_handlers(app)
    app.add_middleware(Idempotency, most_s=settings.bulk_deadline_s + _SPARE_S)
    app.add_middleware(
        BodyLimit,
        max_bytes=settings.max_body_bytes,
        max_s=settings.body_s,
        streamed=[stream.PATH],
    )
    app.add_middleware(
        Shortcut, max_bytes=settings.max_body_bytes, max_s=settings.body_s
    )
    app.add_middleware(Admission, explain=_explain, hosts=settings.allowed_hosts)
    if settings.cors_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=settings.cors_origins,
            allow_methods=("GET", "POST"),
            allow_headers=_ALLOWED_HEADERS,
            expose_headers=_EXPOSED_HEADERS,
        )
    app.add_middleware(HeaderLimit, max_bytes=settings.max_header_bytes)
    end_tracing = _start_tracing(app) if settings.otel else _do_nothing
    app.add_middleware(RequestFrame, metrics=counts.requests)
    for module in (
        score,
        batch,
        stream,
        posts,
        ingest,
        models,
        cases,
        reviews,
        decisions,
        appeals,
        goldens,
        stats,
        policies,
        webhooks,
        audit,
        exports,
        state,
        metrics,
        assets,
        console,
    ):
        app.include_router(module.router)
    for router in doors.ROUTERS:
        app.include_router(router)
    if settings.docs:
        app.include_router(docs.router)
    return app


def _explain(request: Request, error: KiemtinError) -> Response:
    """Say why a request is not let in, as those who sent it can read it."""
    is_page = console.is_page(request.url.path)
    explain = console.explain if is_page else doors.explain
    return explain(request, error)


def _start_tracing(app: FastAPI) -> Callable[[], None]:
    """Make a span of each request, and return what sends the last of them."""
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import (  # noqa: PLC0415 -- an extra
            OTLPSpanExporter,
        )

        from serving.tracing import Traced, start_tracing  # noqa: PLC0415 -- likewise
    except ModuleNotFoundError as e:
        msg = f"KIEMTIN_OTEL needs {e.name}, which comes with the otel extra"
        raise ExtraMissingError(msg) from None
    provider = start_tracing(OTLPSpanExporter())
    app.add_middleware(Traced, tracer=provider.get_tracer("kiemtin"))
    return provider.shutdown


def _do_nothing() -> None:
    pass


def _migrate(database: Database) -> None:
    try:
        database.migrate()
    except DatabaseUnavailableError as e:
        # Scoring needs no database: the process lives, and /ready says what is wrong.
        _log.error("not_migrated", code=e.code)
