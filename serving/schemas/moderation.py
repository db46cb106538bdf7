"""Moderation as OpenAI's API writes it."""

from typing import Literal

from pydantic import Field, JsonValue

from kiemtin.labels import Label, Recommendation
from serving.schemas.wire import UnicodeText, Wire

_INPUT: dict[str, JsonValue] = {
    "anyOf": [
        {"type": "string"},
        {"type": "array", "items": {"type": "string"}},
        {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "type": {"const": "text"},
                    "text": {"type": "string"},
                },
                "required": ["type", "text"],
                "additionalProperties": False,
            },
        },
    ]
}


class ModerationIn(Wire):
    """Texts to moderate."""

    input: object = Field(
        description="A text, a list of texts, or the text parts of one message.",
        json_schema_extra=_INPUT,
    )
    model: UnicodeText | None = Field(
        default=None,
        description="Not read: the reply names the model that scored.",
    )


class ModerationResultOut(Wire):
    """What we say about one text."""

    flagged: bool
    """Whether a person should look: any of our labels is flagged."""
    categories: dict[str, bool]
    category_scores: dict[str, float]
    category_applied_input_types: dict[str, list[Literal["text"]]] = Field(
        description="Empty for a category that is not measured."
    )
    recommendation: Recommendation
    abstain: dict[Label, str]


class ModerationOut(Wire):
    """One result for each text, in order."""

    id: str
    model: str
    results: list[ModerationResultOut]


class ModerationFaultOut(Wire):
    """What is wrong."""

    message: str
    type: str
    param: str | None
    code: str
    """Ours, as in docs/api.md."""


class ModerationErrorOut(Wire):
    """Why a request was not answered."""

    error: ModerationFaultOut
