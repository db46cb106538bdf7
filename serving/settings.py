"""What the environment decides."""

from pathlib import Path
from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from kiemtin.bundles import COMPACT


class Settings(BaseSettings):
    """Read from ``KIEMTIN_*``; nothing else in serving looks at the environment."""

    model_config = SettingsConfigDict(env_prefix="KIEMTIN_", frozen=True)

    bundle: Path = COMPACT
    """The folder of the bundle that scores."""
    database_url: str = "sqlite:///kiemtin.db"
    """SQLite or PostgreSQL; a relative path starts in the working directory."""
    max_items: int = Field(default=256, gt=0)
    """The most items of a batch."""
    max_body_bytes: int = Field(default=8 * 1024 * 1024, gt=0)
    """The longest request body."""
    threads: int = Field(default=0, ge=0)
    """How many threads share the scoring of a batch; 0 for one for each core."""
    max_scorings: int = Field(default=2, gt=0)
    """How many requests are scored at once, which bounds memory; others wait."""
    retention_days: int = Field(default=30, gt=0)
    """How long a stored post is kept."""
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    """The least important log lines that are written."""
    docs: bool = True
    """Whether ``/docs`` and ``/openapi.json`` are there."""
