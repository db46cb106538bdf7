"""Analysis of a comment, as Perspective's Comment Analyzer (v1alpha1) writes it."""

from typing import Annotated, Literal

from pydantic import ConfigDict, Field, StrictBool
from pydantic.alias_generators import to_camel

from serving.schemas.wire import UnicodeText, Wire

ScoreType = Literal[
    "SCORE_TYPE_UNSPECIFIED", "PROBABILITY", "STD_DEV_SCORE", "PERCENTILE", "RAW"
]
Language = Annotated[str, Field(pattern="^[A-Za-z0-9-]{1,35}$")]
"""A BCP 47 tag."""


class _Camel(Wire):
    """Google's JSON takes both spellings of a name, and answers in one."""

    model_config = ConfigDict(
        alias_generator=to_camel, validate_by_name=True, validate_by_alias=True
    )


class TextEntryIn(_Camel):
    """A text."""

    text: str = ""
    type: Literal["TEXT_TYPE_UNSPECIFIED", "PLAIN_TEXT", "HTML"] = "PLAIN_TEXT"


class ArticleAndParentCommentIn(_Camel):
    """What a comment was written under."""

    article: TextEntryIn | None = None
    parent_comment: TextEntryIn | None = None


class CommentContextIn(_Camel):
    """Where a comment stood. It is checked, but never scored or stored."""

    entries: list[TextEntryIn] | None = None
    article_and_parent_comment: ArticleAndParentCommentIn | None = None


class AttributeIn(_Camel):
    """How an attribute shall be said."""

    score_type: ScoreType = "PROBABILITY"
    score_threshold: Annotated[float, Field(allow_inf_nan=False)] | None = Field(
        default=None, description="An attribute with a lower score is left out."
    )


class AnalyzeCommentIn(_Camel):
    """A comment, and what to analyze it for."""

    comment: TextEntryIn = TextEntryIn()
    requested_attributes: dict[str, AttributeIn] = Field(
        default={}, description="By name; the discovery document lists them."
    )
    languages: list[Language] = Field(
        default=[], description="`vi`, or none: then it is looked at."
    )
    span_annotations: StrictBool = Field(
        default=False, description="Say which words moved a score; takes longer."
    )
    do_not_store: StrictBool = Field(
        default=False, description="True or not, this route stores nothing."
    )
    drop_unsupported_attributes: StrictBool = Field(
        default=False, description="Leave out what is not measured, and do not refuse."
    )
    client_token: UnicodeText | None = None
    session_id: str | None = Field(default=None, description="Not read.")
    community_id: str | None = Field(default=None, description="Not read.")
    context: CommentContextIn | None = Field(
        default=None, description="Never scored or stored."
    )


class AttributeScoreOut(_Camel):
    """A figure, and what kind of one."""

    value: float
    type: ScoreType


class SpanScoreOut(_Camel):
    """A figure for a part of the comment, in UTF-16 code units."""

    begin: int
    end: int
    score: AttributeScoreOut


class AttributeScoresOut(_Camel):
    """One attribute."""

    summary_score: AttributeScoreOut
    span_scores: list[SpanScoreOut]


class AnalyzeCommentOut(_Camel):
    """What we say about a comment."""

    attribute_scores: dict[str, AttributeScoresOut]
    languages: list[str]
    detected_languages: list[str]
    client_token: str | None = None


class StatusOut(_Camel):
    """What is wrong (google.rpc.Status)."""

    code: int
    message: str
    status: str
    details: list[dict[str, object]]


class GoogleErrorOut(_Camel):
    """Why a request was not answered."""

    error: StatusOut
