"""What the pages of the console work with: the person, the policy, the database."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends

from serving.console.desk.frame import Frame, FrameDep
from serving.db import Database, Work
from serving.deps import DatabaseDep, ReviewPolicyDep, ScaleDep
from serving.review.people import Reviewer
from serving.review.policy import ReviewPolicy
from serving.review.scale import Scale
from serving.review.seen import CaseView
from serving.review.views import read


@dataclass(frozen=True, slots=True)
class Desktop:
    """All that a page about cases needs."""

    frame: Frame
    database: Database
    policy: ReviewPolicy
    scale: Scale

    @property
    def who(self) -> Reviewer:
        """Who works."""
        return self.frame.who

    @contextmanager
    def work(self) -> Iterator[Work]:
        """Give a unit of work of this person; it is committed when nothing went wrong."""
        with self.database.work(self.who.person) as work:
            yield work
            work.commit()

    def read(self, case_id: str) -> CaseView:
        """
        Return what the person may see of a case, and note that they saw it.

        Raises:
            NotFoundError: If that is nothing.
        """
        with self.work() as work:
            return read(work, self.policy, self.who, case_id, self.scale)


async def _desktop(
    frame: FrameDep, database: DatabaseDep, policy: ReviewPolicyDep, scale: ScaleDep
) -> Desktop:
    return Desktop(frame, database, policy, scale)


DesktopDep = Annotated[Desktop, Depends(_desktop)]
