"""A stored post."""

from pydantic import AwareDatetime

from kiemtin.labels import Label, Recommendation
from serving.schemas.wire import Wire


class PostOut(Wire):
    """A text that somebody asked us to keep, and what we said about it."""

    id: str
    text: str
    """As it came; a NUL, which not every database keeps, is U+FFFD."""
    scores: dict[Label, float]
    recommendation: Recommendation
    model_digest: str
    policy_version: str
    created_at: AwareDatetime
