"""The one place where our errors become HTTP responses (RFC 9457)."""

import math
from collections.abc import Mapping, Sequence
from http import HTTPStatus

from fastapi.responses import JSONResponse
from starlette.requests import HTTPConnection

from kiemtin.errors import (
    BundleError,
    InputError,
    InvalidUnicodeError,
    KiemtinError,
    TextTooLongError,
)
from serving.errors import (
    AccessError,
    BodyTimeoutError,
    BodyTooLargeError,
    BusyError,
    ClientLeftError,
    ConflictError,
    DatabaseUnavailableError,
    DeadlineError,
    HeadersTooLargeError,
    IdempotencyInProgressError,
    LineTooLongError,
    MalformedEncodingError,
    MalformedFormError,
    MalformedJsonError,
    MalformedRequestError,
    MalformedTensorError,
    MethodNotAllowedError,
    MissingAttributesError,
    ModelChoiceError,
    ModelUnknownError,
    NotFoundError,
    RequestError,
    StreamIdleError,
    SwapInProgressError,
    TooManyConnectionsError,
    TooManyItemsError,
    TooManyValuesError,
    UnauthenticatedError,
    UnsupportedAttributeError,
    UnsupportedLanguageError,
    UnsupportedMediaTypeError,
    VersionMismatchError,
)
from serving.schemas.problem import FieldErrorOut, ProblemOut

MEDIA_TYPE = "application/problem+json"

STATUS: dict[type[KiemtinError], HTTPStatus] = {
    MalformedRequestError: HTTPStatus.BAD_REQUEST,
    MalformedJsonError: HTTPStatus.BAD_REQUEST,
    MalformedFormError: HTTPStatus.BAD_REQUEST,
    MalformedEncodingError: HTTPStatus.BAD_REQUEST,
    InvalidUnicodeError: HTTPStatus.BAD_REQUEST,
    MissingAttributesError: HTTPStatus.BAD_REQUEST,
    UnsupportedAttributeError: HTTPStatus.BAD_REQUEST,
    UnsupportedLanguageError: HTTPStatus.BAD_REQUEST,
    MalformedTensorError: HTTPStatus.BAD_REQUEST,
    UnauthenticatedError: HTTPStatus.UNAUTHORIZED,
    AccessError: HTTPStatus.FORBIDDEN,
    NotFoundError: HTTPStatus.NOT_FOUND,
    ModelUnknownError: HTTPStatus.NOT_FOUND,
    MethodNotAllowedError: HTTPStatus.METHOD_NOT_ALLOWED,
    BodyTimeoutError: HTTPStatus.REQUEST_TIMEOUT,
    StreamIdleError: HTTPStatus.REQUEST_TIMEOUT,
    ModelChoiceError: HTTPStatus.CONFLICT,
    SwapInProgressError: HTTPStatus.CONFLICT,
    LineTooLongError: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    BodyTooLargeError: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    TextTooLongError: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    TooManyValuesError: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    TooManyItemsError: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    UnsupportedMediaTypeError: HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    HeadersTooLargeError: HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
    InputError: HTTPStatus.UNPROCESSABLE_ENTITY,
    RequestError: HTTPStatus.UNPROCESSABLE_ENTITY,
    ClientLeftError: HTTPStatus.REQUEST_TIMEOUT,
    DeadlineError: HTTPStatus.GATEWAY_TIMEOUT,
    TooManyConnectionsError: HTTPStatus.SERVICE_UNAVAILABLE,
    BusyError: HTTPStatus.TOO_MANY_REQUESTS,
    ConflictError: HTTPStatus.CONFLICT,
    IdempotencyInProgressError: HTTPStatus.CONFLICT,
    VersionMismatchError: HTTPStatus.PRECONDITION_FAILED,
    BundleError: HTTPStatus.SERVICE_UNAVAILABLE,
    DatabaseUnavailableError: HTTPStatus.SERVICE_UNAVAILABLE,
    KiemtinError: HTTPStatus.INTERNAL_SERVER_ERROR,
}
"""The nearest listed ancestor of an error decides."""

_RETRY_AFTER_S = "10"


def status_of(error: type[KiemtinError]) -> HTTPStatus:
    """Return the status that answers *error*."""
    return next(STATUS[cls] for cls in error.__mro__ if cls in STATUS)


def problem_response(
    request: HTTPConnection,
    error: KiemtinError,
    *,
    fields: Sequence[FieldErrorOut] = (),
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:
    """Return *error* as a problem, with the fields that are to blame."""
    status = status_of(type(error))
    request.state.code = error.code  # for the log and the metrics
    body = ProblemOut(
        type=f"urn:kiemtin:problem:{error.code}",
        title=_title(error),
        status=status,
        detail=str(error),
        instance=request.url.path,
        code=error.code,
        request_id=request.state.request_id,
        errors=list(fields),
    )
    headers = dict(headers or {})
    if isinstance(error, BusyError):
        headers["Retry-After"] = str(math.ceil(error.retry_after_s))
    elif status == HTTPStatus.UNAUTHORIZED:
        # Bare, it would be as good, but httplib2 and so Google's clients choke on it.
        headers["WWW-Authenticate"] = 'Bearer realm="kiemtin"'
    elif status == HTTPStatus.SERVICE_UNAVAILABLE:
        headers["Retry-After"] = _RETRY_AFTER_S
    return JSONResponse(
        body.model_dump(mode="json"), status, headers, media_type=MEDIA_TYPE
    )


def _title(error: KiemtinError) -> str:
    """Return the first line of the class's documentation, which never changes."""
    return (type(error).__doc__ or "").strip().partition("\n")[0].rstrip(".")
