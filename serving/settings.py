"""What the environment decides."""

import os
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, SecretStr, StringConstraints
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from kiemtin.bundles import COMPACT


def _split(value: object) -> object:
    """Split what the environment gives, at commas."""
    if not isinstance(value, str):
        return value
    return tuple(x.strip() for x in value.split(",") if x.strip())


def _is_traced() -> bool:
    """Say whether the standard variable names a collector, and we can speak to it."""
    if not os.environ.get("OTEL_EXPORTER_OTLP_ENDPOINT"):
        return False
    try:
        return find_spec("opentelemetry.exporter.otlp.proto.http") is not None
    except ModuleNotFoundError:
        return False


Names = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_split)]
Folder = Annotated[Path | None, BeforeValidator(lambda x: x or None)]
Origin = Annotated[str, StringConstraints(pattern=r"^https?://[^/*\s]+$")]
"""A scheme and a host, and a port if it is an odd one; never ``*``."""
Origins = Annotated[tuple[Origin, ...], NoDecode, BeforeValidator(_split)]


class Settings(BaseSettings):
    """Read from ``KIEMTIN_*``; nothing else in serving looks at the environment."""

    model_config = SettingsConfigDict(env_prefix="KIEMTIN_", frozen=True)

    bundle: Path = COMPACT
    """The folder of the bundle that scores."""
    models: Folder = None
    """A folder of bundles that can be made the one that scores."""
    models_watch_s: float = Field(default=0.0, ge=0)
    """How often to look whether another one should; 0 for never."""
    shadow: str = ""
    """A bundle that only watches: a path, or the name of its folder in ``models``."""
    shadow_share: float = Field(default=0.05, ge=0, le=1)
    """Of how many posts it is asked, too."""
    database_url: str = "sqlite:///kiemtin.db"
    """SQLite or PostgreSQL; a relative path starts in the working directory."""
    host: str = "127.0.0.1"
    """The address to listen on; any but loopback needs a key to start."""
    allowed_hosts: Names = ()
    """Names besides loopback's under which a service without keys answers."""
    cors_origins: Origins = ()
    """Origins whose pages may call the API from a browser."""
    interactive_items_per_minute: int = Field(default=60_000, ge=0)
    """How many posts a key may have scored one by one; 0 for any number."""
    bulk_items_per_minute: int = Field(default=600_000, ge=0)
    """The same for batches and streams."""
    max_header_bytes: int = Field(default=16 * 1024, ge=1024, le=64 * 1024)
    """The longest address and headers of a request, together."""
    max_connections: int = Field(default=20_000, ge=0)
    """How many connections there may be; 0 for as many as the system allows."""
    head_s: float = Field(default=30.0, gt=0)
    """How long the address and the headers of a request may take to come."""
    body_s: float = Field(default=60.0, gt=0)
    """How long its body may take, unless it is streamed."""
    keep_alive_s: int = Field(default=75, gt=0)
    """How long a connection may be idle."""
    shutdown_s: int = Field(default=30, gt=0)
    """How long what is being answered may take once the service should stop."""
    max_items: int = Field(default=256, gt=0)
    """The most items of a batch."""
    max_body_bytes: int = Field(default=8 * 1024 * 1024, gt=0)
    """The longest request body."""
    stream_idle_s: float = Field(default=120.0, gt=0)
    """How long a stream's caller may send nothing, or take nothing."""
    workers: int = Field(default=0, ge=0)
    """How many processes score; 0 for as many as the cores let work."""
    threads: int = Field(default=1, ge=1)
    """How many threads each of them has."""
    provider: Literal["cpu", "cuda"] = "cpu"
    """What runs the network; a GPU is given one worker and large batches."""
    batch_tokens: int = Field(default=512, gt=0)
    """How much work a worker is handed at once."""
    queue_s: float = Field(default=1.0, gt=0)
    """As much may wait as is scored in so many seconds; more is refused."""
    bulk_queue_s: float = Field(default=10.0, gt=0)
    """The same for batches and streams."""
    deadline_s: float = Field(default=10.0, gt=0)
    """How long a caller waits for a post at most."""
    bulk_deadline_s: float = Field(default=120.0, gt=0)
    """How long for a batch."""
    cache_posts: int = Field(default=65_536, ge=0)
    """How many scores are remembered for exact repeats; 0 for none."""
    retention_days: int = Field(default=30, gt=0)
    """How long a stored post is kept."""
    review_policy: Folder = None
    """How posts are reviewed: a TOML file instead of the packaged one."""
    secret: SecretStr = SecretStr("")
    """What pseudonyms and digests are keyed with; empty for one kept in the database."""
    admin_key: SecretStr = SecretStr("")
    """The key of the first admin, instead of one that the first start makes."""
    session_hours: float = Field(default=12.0, gt=0)
    """How long a sign-in to the console lasts."""
    webhook_hosts: Names = ()
    """Hosts that webhooks may go to although they are in the private network."""
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    """The least important log lines that are written."""
    otel: bool = Field(default_factory=_is_traced)
    """Whether spans are sent to a collector."""
    docs: bool = True
    """Whether ``/docs`` and ``/openapi.json`` are there."""
