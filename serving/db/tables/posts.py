"""Posts, what users reported of them, and which of them are nearly the same."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Index,
    Integer,
    LargeBinary,
    String,
    Text,
)
from sqlalchemy.orm import Mapped, mapped_column

from serving.db.tables.base import Base, BigId


class PostRow(Base):
    """
    A text that was stored with its scores.

    Those that were scored with ``store`` have no ``source``; those that came to be
    reviewed have one, and ``(source, external_id, revision)`` is theirs alone. After
    its time the text is forgotten (``forgotten_at``), with all that says whose it is.
    """

    __tablename__ = "posts"
    __table_args__ = (
        Index("uq_posts_source", "source", "external_id", "revision", unique=True),
        Index(
            "ix_posts_kept",
            "created_at",
            sqlite_where="forgotten_at IS NULL",
            postgresql_where="forgotten_at IS NULL",
        ),
    )

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    scores: Mapped[dict[str, float]]
    recommendation: Mapped[str] = mapped_column(String(32))
    model_digest: Mapped[str] = mapped_column(String(128))
    policy_version: Mapped[str] = mapped_column(String(128))
    created_at: Mapped[datetime] = mapped_column(index=True)

    source: Mapped[str | None] = mapped_column(String(64))
    external_id: Mapped[str | None] = mapped_column(String(256))
    revision: Mapped[str | None] = mapped_column(String(64))
    origin: Mapped[str | None] = mapped_column(String(16))
    author: Mapped[str | None] = mapped_column(String(64))
    text_digest: Mapped[str | None] = mapped_column(String(64))
    language: Mapped[str | None] = mapped_column(String(8))
    flagged: Mapped[list[str] | None]
    reasons: Mapped[list[dict[str, Any]] | None]
    context: Mapped[dict[str, str] | None]
    permalink: Mapped[str | None] = mapped_column(Text)
    posted_at: Mapped[datetime | None]
    cluster_id: Mapped[int | None] = mapped_column(BigInteger, index=True)
    case_id: Mapped[str | None] = mapped_column(String(64), index=True)
    forgotten_at: Mapped[datetime | None]


class ReportRow(Base):
    """What a user said of a post; never a reason to score it higher."""

    __tablename__ = "reports"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    post_id: Mapped[str] = mapped_column(String(64), index=True)
    external_id: Mapped[str | None] = mapped_column(String(256))
    reason: Mapped[str] = mapped_column(String(32))
    note: Mapped[str | None] = mapped_column(Text)
    reported_at: Mapped[datetime]


class ClusterRow(Base):
    """Posts that are nearly the same as its first one, whose signature this is."""

    __tablename__ = "clusters"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    signature: Mapped[bytes] = mapped_column(LargeBinary)
    n_posts: Mapped[int] = mapped_column(Integer)
    case_id: Mapped[str | None] = mapped_column(String(64))
    posted_at: Mapped[datetime]
    created_at: Mapped[datetime] = mapped_column(index=True)


class BandRow(Base):
    """A part of a cluster's signature: those who share one may be nearly the same."""

    __tablename__ = "cluster_bands"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012 -- as SQLAlchemy wants it

    value: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    cluster_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
