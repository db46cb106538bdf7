"""Stored posts are forgotten after their time."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import anyio
import anyio.to_thread
import structlog

from serving.db import Database, Work
from serving.errors import DatabaseUnavailableError
from serving.review.forgetting import (
    forget_reviewed,
    forget_signatures,
    forget_unreviewed,
)

_INTERVAL_S = 3600
_log = structlog.get_logger()

_Forget = Callable[[Work, datetime], int]


def purge(
    database: Database, *, retention_days: int, now: datetime | None = None
) -> int:
    """Forget what is older than *retention_days* and return how many posts it was."""
    now = now or datetime.now(UTC)
    before = now - timedelta(days=retention_days)
    n = _repeat(database, forget_unreviewed, before, now)
    n += _repeat(database, forget_reviewed, before, now)
    _repeat(database, forget_signatures, before, now)
    return n


async def keep_purging(database: Database, *, retention_days: int) -> None:
    """Purge now and every hour; a database that is away is tried again."""
    while True:
        try:
            n = await anyio.to_thread.run_sync(
                lambda: purge(database, retention_days=retention_days)
            )
            _log.info("purged", n_posts=n, retention_days=retention_days)
        except DatabaseUnavailableError as e:
            _log.warning("not_purged", code=e.code)
        await anyio.sleep(_INTERVAL_S)


def _repeat(
    database: Database, forget: _Forget, before: datetime, now: datetime
) -> int:
    """Forget in steps, each committed by itself, until nothing is left."""
    n = 0
    while True:
        with database.work("system", now=now) as work:
            step = forget(work, before)
            work.commit()
        if not step:
            return n
        n += step
