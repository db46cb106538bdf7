"""Every way in which a request can fail becomes a problem."""

from collections.abc import Sequence
from http import HTTPMethod, HTTPStatus
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.routing import Match

from kiemtin.errors import KiemtinError
from serving.errors import (
    InternalError,
    MalformedFormError,
    MethodNotAllowedError,
    NotFoundError,
)
from serving.problems import problem_response
from serving.validation import field_errors, first_error

_BY_STATUS: dict[int, KiemtinError] = {
    HTTPStatus.BAD_REQUEST: MalformedFormError("the body is not a form"),
    HTTPStatus.NOT_FOUND: NotFoundError("nothing is at this address"),
    HTTPStatus.METHOD_NOT_ALLOWED: MethodNotAllowedError(
        "this address does not know the method"
    ),
}
"""What the framework refuses by itself; JSON bodies never get that far."""


_MOST_ERRORS = 100
"""Who gets these right may ask again, and is told the others."""


def add_problem_handlers(app: FastAPI) -> None:
    """Answer every error of ours and of the framework with a problem."""

    @app.exception_handler(KiemtinError)
    async def _(request: Request, exc: KiemtinError) -> Response:
        return problem_response(request, exc)

    @app.exception_handler(RequestValidationError)
    async def _(request: Request, exc: RequestValidationError) -> Response:
        errors: Sequence[Any] = exc.errors()[:_MOST_ERRORS]
        body = [{**e, "loc": e["loc"][1:]} for e in errors]
        return problem_response(request, first_error(body), fields=field_errors(body))

    @app.exception_handler(HTTPException)
    async def _(request: Request, exc: HTTPException) -> Response:
        unknown = InternalError("the service made a mistake")
        error = _BY_STATUS.get(exc.status_code, unknown)
        headers = exc.headers
        if exc.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
            headers = {**(headers or {}), "Allow": ", ".join(_methods(request))}
        return problem_response(request, error, headers=headers)


def _methods(request: Request) -> list[str]:
    """Return what is known at the address; the framework says one route's methods."""
    return [
        method.value
        for method in HTTPMethod
        if any(
            route.matches({**request.scope, "method": method.value})[0] is Match.FULL
            for route in request.app.router.routes
        )
    ]
