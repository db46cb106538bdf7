"""Who did what, chained so that nothing can be taken out unseen."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from serving.db.tables.base import Base


class AuditRow(Base):
    """
    One act; rows are added, never changed, and the database sees to it.

    ``digest`` is over the row and the ``digest`` of the one before; ``position`` counts
    from 1 without a gap.
    """

    __tablename__ = "audit_log"

    position: Mapped[int] = mapped_column(
        BigInteger, primary_key=True, autoincrement=False
    )
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(64))
    action: Mapped[str] = mapped_column(String(32))
    subject: Mapped[str] = mapped_column(String(64), index=True)
    detail: Mapped[dict[str, Any]]
    digest: Mapped[str] = mapped_column(String(64))
