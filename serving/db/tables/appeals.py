"""Appeals against decisions."""

from datetime import datetime

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from serving.db.tables.base import Base


class AppealRow(Base):
    """
    Somebody holds a decision to be wrong; another person looks again.

    ``state`` is ``open``, ``upheld`` (the decision stands) or ``overturned``. There is
    one open appeal for a decision at most.
    """

    __tablename__ = "appeals"
    __table_args__ = (
        Index("ix_appeals_state", "state", "filed_at", "id"),
        Index(
            "uq_appeals_open",
            "decision_id",
            unique=True,
            sqlite_where="state = 'open'",
            postgresql_where="state = 'open'",
        ),
    )

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    decision_id: Mapped[str] = mapped_column(String(64), index=True)
    case_id: Mapped[str] = mapped_column(String(64), index=True)
    post_id: Mapped[str] = mapped_column(String(64))
    external_ref: Mapped[str | None] = mapped_column(String(256))
    statement: Mapped[str] = mapped_column(Text)
    filed_by: Mapped[str] = mapped_column(String(40))
    filed_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(16))
    version: Mapped[int]
    decided_by: Mapped[str | None] = mapped_column(String(40))
    decided_at: Mapped[datetime | None]
    answer: Mapped[str | None] = mapped_column(Text)
    reversal_id: Mapped[str | None] = mapped_column(String(64))
