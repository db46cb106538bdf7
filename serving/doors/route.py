"""A route that keeps to another service's manners, also when it refuses."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from kiemtin.errors import KiemtinError
from serving.bodies import Handler, JsonRoute
from serving.problems import problem_response
from serving.validation import first_error

Restate = Callable[[KiemtinError, HTTPStatus, str], tuple[HTTPStatus, BaseModel]]
"""Says an error as a protocol does, from our status and the id of the request."""


class DoorRoute(JsonRoute, ABC):
    """A route whose errors have the shape that clients of its protocol read."""

    @staticmethod
    @abstractmethod
    def restate(
        error: KiemtinError, status: HTTPStatus, request_id: str
    ) -> tuple[HTTPStatus, BaseModel]:
        """Return the status and the body with which the door says *error*."""

    def get_route_handler(self) -> Handler:
        """Return the handler, with each of our errors in the shape of the door."""
        handle = super().get_route_handler()

        async def answer(request: Request) -> Response:
            try:
                return await handle(request)
            except KiemtinError as e:
                return refuse(request, e, self.restate)
            except RequestValidationError as e:
                errors: list[Any] = [{**x, "loc": x["loc"][1:]} for x in e.errors()[:1]]
                return refuse(request, first_error(errors), self.restate)

        return answer


def refuse(request: Request, error: KiemtinError, restate: Restate) -> Response:
    """Return the answer that says *error* as *restate* does."""
    # The problem has the headers that go with the error: when to try again, say.
    problem = problem_response(request, error)
    request_id: str = request.state.request_id
    status, body = restate(error, HTTPStatus(problem.status_code), request_id)
    headers = {
        name: value
        for name, value in problem.headers.items()
        if not name.startswith("content-")
    }
    content = body.model_dump(mode="json", by_alias=True)
    return JSONResponse(content, status, headers)


def refusals(model: type[BaseModel], *statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return the responses of a door that may refuse with these *statuses*."""
    return {x: {"model": model, "description": HTTPStatus(x).phrase} for x in statuses}
