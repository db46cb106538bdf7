"""Texts whose time is over, and whose they were: every query that forgets them."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, CursorResult, delete, null, select, update
from sqlalchemy.orm import Session

from serving.db.tables import CaseRow, LeaseRow, PostRow, ReportRow


class Forgetting:
    """What one session forgets; the caller commits."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def delete_unreviewed(self, before: datetime, most: int) -> int:
        """Delete up to *most* posts that are in no case, with their reports."""
        old = self._old(before, most, PostRow.case_id.is_(None))
        # Somebody may have reported one meanwhile: then it has a case.
        query = delete(PostRow).where(PostRow.id.in_(old), PostRow.case_id.is_(None))
        result = self._session.execute(query)
        gone = delete(ReportRow).where(
            ReportRow.post_id.in_(old),
            ReportRow.post_id.not_in(select(PostRow.id).where(PostRow.id.in_(old))),
        )
        self._session.execute(gone)
        return result.rowcount if isinstance(result, CursorResult) else 0

    def empty_reviewed(
        self, before: datetime, most: int, now: datetime
    ) -> tuple[int, list[str]]:
        """
        Take the text, and all that says whose it is, from up to *most* posts in cases.

        Returns:
            How many posts it was, and of which cases.
        """
        old = self._old(before, most, PostRow.case_id.is_not(None))
        cases = select(PostRow.case_id).where(PostRow.id.in_(old)).distinct()
        case_ids = sorted(x for x in self._session.scalars(cases) if x is not None)
        self._session.execute(
            update(PostRow)
            .where(PostRow.id.in_(old))
            .values(
                text="",
                author=None,
                reasons=null(),
                context=null(),
                permalink=None,
                forgotten_at=now,
            )
        )
        self._session.execute(
            update(ReportRow).where(ReportRow.post_id.in_(old)).values(note=None)
        )
        return len(old), case_ids

    def without_text(self, case_ids: Sequence[str]) -> dict[str, str | None]:
        """
        Return those of these cases whose own post has no text any more.

        Returns:
            With each the copy that still has one, the oldest; None if there is none.
        """
        query = (
            select(CaseRow.id)
            .join(PostRow, PostRow.id == CaseRow.post_id)
            .where(CaseRow.id.in_(case_ids), PostRow.forgotten_at.is_not(None))
            .order_by(CaseRow.id)
            .with_for_update(of=CaseRow)
        )
        return {x: self._copy_with_text(x) for x in self._session.scalars(query)}

    def forget_author(self, case_ids: Collection[str]) -> None:
        """Take the author from cases, and from what is known of who looked at them."""
        for table, own in ((CaseRow, CaseRow.id), (LeaseRow, LeaseRow.case_id)):
            self._session.execute(
                update(table).where(own.in_(case_ids)).values(author=None)
            )

    def show_instead(self, case_id: str, post_id: str) -> None:
        """Let an open case be about another of its posts."""
        self._session.execute(
            update(CaseRow)
            .where(CaseRow.id == case_id, CaseRow.state == "open")
            .values(post_id=post_id, version=CaseRow.version + 1)
        )

    def close(self, case_id: str, now: datetime) -> bool:
        """Close a case that nobody can decide any more; return whether it was open."""
        result = self._session.execute(
            update(CaseRow)
            .where(CaseRow.id == case_id, CaseRow.state == "open")
            .values(
                state="decided",
                decided_at=now,
                holder=None,
                lease_ends_at=None,
                version=CaseRow.version + 1,
            )
        )
        if not (isinstance(result, CursorResult) and result.rowcount):
            return False
        self._session.execute(
            update(LeaseRow)
            .where(LeaseRow.case_id == case_id, LeaseRow.ended_at.is_(None))
            .values(ended_at=now, ended="forgotten")
        )
        return True

    def _old(
        self, before: datetime, most: int, which: ColumnElement[bool]
    ) -> list[str]:
        query = (
            select(PostRow.id)
            .where(PostRow.created_at < before, PostRow.forgotten_at.is_(None), which)
            .order_by(PostRow.created_at)
            .limit(most)
        )
        return list(self._session.scalars(query))

    def _copy_with_text(self, case_id: str) -> str | None:
        query = (
            select(PostRow.id)
            .where(PostRow.case_id == case_id, PostRow.forgotten_at.is_(None))
            .order_by(PostRow.created_at)
            .limit(1)
        )
        return self._session.scalars(query).first()
