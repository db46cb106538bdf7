"""Models that were made the ones that score."""

from datetime import datetime

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from serving.db.tables.base import Base


class ActivationRow(Base):
    """A model that was made the one that scores; rows are added, never changed."""

    __tablename__ = "model_activations"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    kind: Mapped[str] = mapped_column(String(16))
    by: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(Text)
    version: Mapped[str] = mapped_column(Text)
    digest: Mapped[str] = mapped_column(String(128))
    before: Mapped[str] = mapped_column(String(128))
