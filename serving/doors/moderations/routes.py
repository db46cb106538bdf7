"""POST /v1/moderations, for OpenAI's clients."""

import re
import uuid
from http import HTTPStatus

from fastapi import APIRouter, Request

from kiemtin.errors import KiemtinError
from serving.access.needs import needs
from serving.access.scopes import Scope
from serving.deps import EngineDep, SettingsDep
from serving.doors.moderations.categories import moderation_of
from serving.doors.moderations.inputs import texts_of
from serving.doors.route import DoorRoute, refusals
from serving.doors.scoring import score_texts
from serving.openapi import problems
from serving.schemas.moderation import (
    ModerationErrorOut,
    ModerationFaultOut,
    ModerationIn,
    ModerationOut,
)

_AS_THEY_ARE = {
    HTTPStatus.UNAUTHORIZED,
    HTTPStatus.FORBIDDEN,
    HTTPStatus.TOO_MANY_REQUESTS,
}
"""For any other mistake of the caller their clients expect 400."""
_BLAMED = re.compile(r"/?((?:input|model)[\w.\[\]]*):")
"""Our messages begin with the field that is to blame, where there is one."""


class ModerationRoute(DoorRoute):
    """A route with the errors that OpenAI's clients know."""

    @staticmethod
    def restate(
        error: KiemtinError, status: HTTPStatus, request_id: str
    ) -> tuple[HTTPStatus, ModerationErrorOut]:
        """Return *error* as OpenAI would say it, with our code."""
        if status < HTTPStatus.INTERNAL_SERVER_ERROR and status not in _AS_THEY_ARE:
            status = HTTPStatus.BAD_REQUEST
        blamed = _BLAMED.match(str(error))
        fault = ModerationFaultOut(
            message=str(error),
            type=_type_of(status),
            param=blamed[1] if blamed else None,
            code=error.code,
        )
        return status, ModerationErrorOut(error=fault)


def _type_of(status: HTTPStatus) -> str:
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return "rate_limit_error"
    theirs = status < HTTPStatus.INTERNAL_SERVER_ERROR
    return "invalid_request_error" if theirs else "server_error"


router = APIRouter(prefix="/v1", tags=["doors"], route_class=ModerationRoute)


@router.post(
    "/moderations",
    summary="Moderate texts, for OpenAI's clients",
    dependencies=[needs(Scope.SCORE)],
    responses=refusals(ModerationErrorOut, 400, 401, 403, 429, 503, 504)
    | problems(413),
)
async def moderate(
    request: Request, body: ModerationIn, engine: EngineDep, settings: SettingsDep
) -> ModerationOut:
    """Say of each text which categories it falls into; what is not measured is false."""
    scores, model = await score_texts(
        request, texts_of(body.input), engine=engine, settings=settings, named="input"
    )
    return ModerationOut(
        id=f"modr-{uuid.uuid4().hex}",
        model=f"kiemtin-{model.out.name}-{model.out.version}",
        results=[moderation_of(x) for x in scores],
    )
