"""How the service is, and what it knows of itself."""

from typing import Literal

from kiemtin.labels import Label
from kiemtin.manifest import Thresholds, Window
from kiemtin.schemas import ModelOut
from serving.schemas.wire import Wire


class LiveOut(Wire):
    """The process answers."""

    status: Literal["live"]


class GoldensOut(Wire):
    """How near the golden texts came to the scores that the bundle promises."""

    n: int
    largest_difference: float
    tolerance: float


class DatabaseOut(Wire):
    """Which database is used, and how it is migrated."""

    dialect: str
    revision: str


class ReadyOut(Wire):
    """The service scores, and proves it."""

    status: Literal["ready"]
    model: ModelOut
    policy_version: str
    normalizer_version: int
    goldens: GoldensOut
    database: DatabaseOut


class LabelOut(Wire):
    """What a label says of a text, and what it does not."""

    label: Label
    says: str
    does_not_say: str
    head: str


class PolicyOut(Wire):
    """When a score becomes a recommendation."""

    version: str
    thresholds: dict[Label, Thresholds]
    severities: dict[Label, int]


class LimitsOut(Wire):
    """What is refused when it is more."""

    text_chars: int
    items: int
    body_bytes: int
    body_values: int
    """Of JSON; fields, lists and what is in them."""
    body_s: float
    """How long a body may take to come."""
    id_chars: int
    header_bytes: int
    interactive_items_per_minute: int | None
    """For each key; null if there is no such limit."""
    bulk_items_per_minute: int | None
    queue_tokens: int
    """As much may wait post by post: what is read in ``KIEMTIN_QUEUE_S`` seconds now."""
    bulk_queue_tokens: int
    deadline_s: float
    bulk_deadline_s: float


class SegmenterOut(Wire):
    """What splits syllables into words; ``none`` reads raw syllables."""

    name: str
    version: str


class InfoOut(Wire):
    """The service, its model and its policy."""

    name: str
    version: str
    model: ModelOut
    labels: list[LabelOut]
    heads: dict[str, list[Label]]
    policy: PolicyOut
    limits: LimitsOut
    normalizer_version: int
    segmenter: SegmenterOut
    window: Window
    languages: list[str]
    retention_days: int
