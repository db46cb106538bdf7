"""From when to when figures and rows are asked for."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated

from fastapi import Depends, Query

from serving.errors import InvalidFieldError
from serving.schemas.wire import Moment

_USUAL = timedelta(days=30)
_LEAST, _MOST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Period:
    """From *since* to before *until*."""

    since: datetime
    until: datetime

    def __str__(self) -> str:
        """Return both moments, as the audit log has them."""
        return f"{self.since.isoformat()}/{self.until.isoformat()}"


# A coroutine, not a function: for those FastAPI would start a thread each.
async def _period(
    since: Annotated[
        Moment | None, Query(description="30 days before `until` if missing.")
    ] = None,
    until: Annotated[
        Moment | None, Query(description="Now if missing; itself left out.")
    ] = None,
) -> Period:
    # Only what lies between can be written in UTC, whatever zone it comes in.
    end = min(until or datetime.now(UTC), _MOST)
    begin = max(since or max(end, _LEAST) - _USUAL, _LEAST)
    if begin >= end:
        msg = "/query/since: not before until"
        raise InvalidFieldError(msg)
    return Period(begin.astimezone(UTC), end.astimezone(UTC))


PeriodDep = Annotated[Period, Depends(_period)]
