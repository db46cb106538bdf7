"""What people noted on cases: every query about it."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from serving.db.tables import CommentRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """What a person noted, and when."""

    id: str
    person: str
    text: str
    created_at: datetime


class Comments:
    """The comments of one session; the caller commits."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, case_id: str, person: str, text: str, at: datetime) -> str:
        """Store a comment on a case and return its id."""
        comment_id = f"com_{uuid.uuid4().hex}"
        self._session.add(
            CommentRow(
                id=comment_id,
                case_id=case_id,
                person=person,
                text=text.replace("\0", "\ufffd"),  # PostgreSQL keeps no NUL
                created_at=at,
            )
        )
        self._session.flush()
        return comment_id

    def of(self, case_id: str) -> list[Comment]:
        """Return the comments on a case, oldest first."""
        query = select(CommentRow).where(CommentRow.case_id == case_id)
        query = query.order_by(CommentRow.created_at, CommentRow.id)
        return [
            Comment(id=x.id, person=x.person, text=x.text, created_at=x.created_at)
            for x in self._session.scalars(query)
        ]
