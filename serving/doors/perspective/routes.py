"""POST /v1alpha1/comments:analyze, and the document by which clients find it."""

from typing import Any

from fastapi import APIRouter, Request

from kiemtin.schemas import NOT_VIETNAMESE, ScoreOut
from serving.access.needs import needs
from serving.access.scopes import Scope
from serving.deps import EngineDep, SettingsDep
from serving.doors.perspective.attributes import (
    ATTRIBUTES,
    LANGUAGE,
    UNKNOWN_LANGUAGE,
    are_read,
    choose,
    refuse_language,
)
from serving.doors.perspective.discovery import VERSION, discovery_document
from serving.doors.perspective.refusals import PerspectiveRoute
from serving.doors.perspective.spans import spans_of
from serving.doors.route import refusals
from serving.doors.scoring import score_texts
from serving.errors import InvalidFieldError, NotFoundError
from serving.openapi import problems
from serving.schemas.perspective import (
    AnalyzeCommentIn,
    AnalyzeCommentOut,
    AttributeIn,
    AttributeScoreOut,
    AttributeScoresOut,
    GoogleErrorOut,
)

router = APIRouter(tags=["doors"], route_class=PerspectiveRoute)


@router.post(
    "/v1alpha1/comments:analyze",
    summary="Analyze a comment, for Perspective's clients",
    dependencies=[needs(Scope.SCORE)],
    response_model_exclude_none=True,
    responses=refusals(GoogleErrorOut, 400, 401, 403, 429, 503, 504) | problems(413),
)
async def analyze(
    request: Request, body: AnalyzeCommentIn, engine: EngineDep, settings: SettingsDep
) -> AnalyzeCommentOut:
    """Say how likely each attribute is; nothing is stored, ``doNotStore`` or not."""
    _check_form(body)
    drop = body.drop_unsupported_attributes
    wanted = choose(body.requested_attributes, drop=drop)
    if not are_read(body.languages):
        if not drop:
            raise refuse_language(next(iter(wanted)), requested=body.languages)
        wanted = {}
    text = body.comment.text
    (score,), _ = await score_texts(
        request,
        [text],
        engine=engine,
        settings=settings,
        named="comment.text",
        explain=body.span_annotations and bool(wanted),
    )
    foreign = NOT_VIETNAMESE in score.abstain.values()
    detected = [UNKNOWN_LANGUAGE if foreign else LANGUAGE]
    if foreign and not body.languages:
        if not drop:
            raise refuse_language(next(iter(wanted)), detected=detected)
        wanted = {}
    return AnalyzeCommentOut(
        attribute_scores=_scores(text, score, wanted),
        languages=body.languages or detected,
        detected_languages=detected,
        client_token=body.client_token,
    )


@router.get(
    "/$discovery/rest",
    summary="The discovery document, for Google's clients",
    responses=refusals(GoogleErrorOut, 401, 403, 404),
    dependencies=[needs()],
)
async def discover(request: Request, version: str = VERSION) -> dict[str, Any]:
    """Describe the method above as Google's API discovery service would."""
    if version != VERSION:
        msg = f"only version {VERSION} is here"
        raise NotFoundError(msg)
    return discovery_document(str(request.base_url))


def _check_form(body: AnalyzeCommentIn) -> None:
    context = body.context
    if context and context.entries and context.article_and_parent_comment:
        msg = (
            "Context can have either entries or article_and_parent_comment, but both "
            "fields were populated."
        )
        raise InvalidFieldError(msg)
    if body.comment.type == "HTML":
        msg = "Currently, only 'PLAIN_TEXT' comments are supported"
        raise InvalidFieldError(msg)


def _scores(
    text: str, score: ScoreOut, wanted: dict[str, AttributeIn]
) -> dict[str, AttributeScoresOut]:
    found = {}
    for name, how in wanted.items():
        value = score.scores[ATTRIBUTES[name]]
        if how.score_threshold is None or value >= how.score_threshold:
            found[name] = AttributeScoresOut(
                summary_score=AttributeScoreOut(value=value, type="PROBABILITY"),
                span_scores=spans_of(text, score, ATTRIBUTES[name]),
            )
    return found
