"""Stored posts are forgotten after their time."""

from datetime import UTC, datetime, timedelta

import anyio
import anyio.to_thread
import structlog

from serving.db import Database, Posts
from serving.errors import DatabaseUnavailableError

_INTERVAL_S = 3600
_log = structlog.get_logger()


def purge(
    database: Database, *, retention_days: int, now: datetime | None = None
) -> int:
    """Forget what is older than *retention_days* and return how many posts it was."""
    before = (now or datetime.now(UTC)) - timedelta(days=retention_days)
    with database.session() as session:
        n = Posts(session).purge(before)
        session.commit()
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
