"""Our errors, as Google's APIs write theirs."""

from http import HTTPStatus

from kiemtin.errors import EmptyTextError, KiemtinError, TextTooLongError
from serving.doors.route import DoorRoute
from serving.errors import MissingAttributesError, UnsupportedLanguageError
from serving.schemas.perspective import GoogleErrorOut, StatusOut

STATUS_NAMES = {
    HTTPStatus.BAD_REQUEST: "INVALID_ARGUMENT",
    HTTPStatus.UNAUTHORIZED: "UNAUTHENTICATED",
    HTTPStatus.FORBIDDEN: "PERMISSION_DENIED",
    HTTPStatus.NOT_FOUND: "NOT_FOUND",
    HTTPStatus.TOO_MANY_REQUESTS: "RESOURCE_EXHAUSTED",
    HTTPStatus.INTERNAL_SERVER_ERROR: "INTERNAL",
    HTTPStatus.SERVICE_UNAVAILABLE: "UNAVAILABLE",
    HTTPStatus.GATEWAY_TIMEOUT: "DEADLINE_EXCEEDED",
}
"""The codes of google.rpc.Code that we have use for; a caller's other mistakes are 400."""

ERROR_TYPES: dict[type[KiemtinError], str] = {
    EmptyTextError: "COMMENT_EMPTY",
    TextTooLongError: "COMMENT_TOO_LONG",
    MissingAttributesError: "NO_REQUESTED_ATTRIBUTES",
    UnsupportedLanguageError: "LANGUAGE_NOT_SUPPORTED_BY_ATTRIBUTE",
}
"""What the Comment Analyzer calls them; anything else is an INVALID_REQUEST."""

_MESSAGES: dict[type[KiemtinError], str] = {
    EmptyTextError: "Comment must be non-empty.",
    TextTooLongError: "Comment text too long.",
}
"""Its very words, because clients look for them."""


class PerspectiveRoute(DoorRoute):
    """A route with the errors that Perspective's clients know."""

    @staticmethod
    def restate(
        error: KiemtinError, status: HTTPStatus, request_id: str
    ) -> tuple[HTTPStatus, GoogleErrorOut]:
        """Return *error* as Google would say it, with our code in its details."""
        if status < HTTPStatus.INTERNAL_SERVER_ERROR and status not in STATUS_NAMES:
            status = HTTPStatus.BAD_REQUEST
        body = StatusOut(
            code=status,
            message=_MESSAGES.get(type(error), str(error)),
            status=STATUS_NAMES[status],
            details=[
                *([_type_of(error)] if status == HTTPStatus.BAD_REQUEST else []),
                {
                    "@type": "type.googleapis.com/google.rpc.ErrorInfo",
                    "reason": error.code.upper(),
                    "domain": "kiemtin",
                    "metadata": {
                        "code": error.code,
                        "detail": str(error),
                        "request_id": request_id,
                    },
                },
            ],
        )
        return status, GoogleErrorOut(error=body)


def _type_of(error: KiemtinError) -> dict[str, object]:
    detail: dict[str, object] = {
        "@type": "type.googleapis.com/google.commentanalyzer.v1alpha1.Error",
        "errorType": ERROR_TYPES.get(type(error), "INVALID_REQUEST"),
    }
    if isinstance(error, UnsupportedLanguageError):
        detail["languageNotSupportedByAttributeError"] = {
            "attribute": error.attribute,
            "requestedLanguages": list(error.requested),
            "detectedLanguages": list(error.detected),
        }
    return detail
