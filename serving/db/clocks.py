"""Answers that are owed to origins: every query about them."""

from collections import Counter
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import String, cast, select
from sqlalchemy.orm import Session

from serving.db.tables import CaseRow


class Clocks:
    """The clocks of open cases, through one session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def overdue(
        self, queues: Collection[str] | None, now: datetime
    ) -> dict[str, Counter[str]]:
        """Return how many of each origin are overdue, by queue."""
        query = select(CaseRow.queue, CaseRow.clocks).where(
            CaseRow.state == "open",
            CaseRow.golden_id.is_(None),
            cast(CaseRow.clocks, String) != "{}",
        )
        if queues is not None:
            query = query.where(CaseRow.queue.in_(queues))
        found: dict[str, Counter[str]] = {}
        for queue, clocks in self._session.execute(query):
            late = [k for k, x in clocks.items() if datetime.fromisoformat(x) < now]
            found.setdefault(queue, Counter()).update(late)
        return found
