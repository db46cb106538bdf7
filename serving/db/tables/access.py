"""Who may come in."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from serving.db.tables.base import Base


class KeyRow(Base):
    """A key to the API; of the key itself there is only a digest.

    ``queues`` are those that its holder works in; None is all of them. ``made_by`` is
    ``start`` for the key that the first start printed.
    """

    __tablename__ = "api_keys"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[str] = mapped_column(String(64), index=True)
    prefix: Mapped[str] = mapped_column(String(16))
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    scopes: Mapped[list[str]]
    role: Mapped[str | None] = mapped_column(String(16))
    queues: Mapped[list[str] | None]
    made_by: Mapped[str | None] = mapped_column(String(16))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]


class SessionRow(Base):
    """Somebody who signed in to the console with a key; of the cookie only a digest."""

    __tablename__ = "console_sessions"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    key_id: Mapped[str] = mapped_column(
        ForeignKey("api_keys.id", ondelete="CASCADE"), index=True
    )
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)


class SecretRow(Base):
    """What the service made up for itself, where the environment gave nothing."""

    __tablename__ = "service_secrets"

    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    value: Mapped[str] = mapped_column(String(128))
    created_at: Mapped[datetime]


class PreferencesRow(Base):
    """How a person wants the console."""

    __tablename__ = "preferences"

    person: Mapped[str] = mapped_column(String(40), primary_key=True)
    chosen: Mapped[dict[str, int]]


class IdempotentRow(Base):
    """A request that carried an Idempotency-Key, and its answer once there is one."""

    __tablename__ = "idempotent_requests"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    body_digest: Mapped[str] = mapped_column(String(64))
    status: Mapped[int | None]
    headers: Mapped[dict[str, str] | None]
    body: Mapped[bytes | None]
    created_at: Mapped[datetime] = mapped_column(index=True)
