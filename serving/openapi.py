"""The description of the API, where every problem has its one shape."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from serving.problems import MEDIA_TYPE
from serving.schemas.inference import InferIn
from serving.schemas.ingest import PostIn, PostsIn
from serving.schemas.problem import ProblemOut
from serving.schemas.score import ScoreIn
from serving.schemas.stream import EndLineOut, ModelLineOut

_REF = "#/components/schemas/{model}"
_REFERRED: tuple[type[BaseModel], ...] = (
    ProblemOut,
    ScoreIn,
    ModelLineOut,
    EndLineOut,
    InferIn,
    PostIn,
    PostsIn,
)
"""Shapes that routes refer to by name alone."""


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return the responses of a route that may end in these *statuses*."""
    schema = {"$ref": _REF.format(model=ProblemOut.__name__)}
    return {
        status: {
            "description": HTTPStatus(status).phrase,
            "content": {MEDIA_TYPE: {"schema": schema}},
        }
        for status in statuses
    }


_REFUSALS = {str(k): v for k, v in problems(401, 403).items()}
"""What every route with a lock may answer; doors say it in their own shape."""


_IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "Sent again with the same body, the request is done once.",
    "schema": {"type": "string", "pattern": r"^[\x21-\x7e]{1,255}$"},
}


def describe(
    app: FastAPI, *, is_repeatable: Callable[[str], bool] = lambda _: False
) -> dict[str, Any]:
    """
    Return the OpenAPI document of *app*, with the shapes that routes refer to.

    Args:
        app: What is described.
        is_repeatable: Whether a POST to a path may carry an Idempotency-Key.
    """
    if app.openapi_schema is None:
        document = get_openapi(
            title=app.title,
            version=app.version,
            description=app.description,
            routes=app.routes,
        )
        schemas = document.setdefault("components", {}).setdefault("schemas", {})
        # Together, since some of them refer to others by name.
        _, found = models_json_schema(
            [(x, "validation") for x in _REFERRED], ref_template=_REF
        )
        schemas.update(found["$defs"])
        for unused in ("HTTPValidationError", "ValidationError"):
            schemas.pop(unused, None)
        document["components"]["schemas"] = dict(sorted(schemas.items()))
        for name, path in document["paths"].items():
            for method, operation in path.items():
                _drop_framework_errors(operation)
                if method == "post" and is_repeatable(name):
                    _offer_key(operation)
                if "security" in operation:
                    operation["responses"] = _REFUSALS | operation["responses"]
        app.openapi_schema = document
    return app.openapi_schema


def _offer_key(operation: dict[str, Any]) -> None:
    operation.setdefault("parameters", []).append(_IDEMPOTENCY_KEY)
    refusals = {str(k): v for k, v in problems(409, 422).items()}
    operation["responses"] = refusals | operation["responses"]


def _drop_framework_errors(operation: dict[str, Any]) -> None:
    responses = operation["responses"]
    if "HTTPValidationError" in str(responses.get("422")):
        del responses["422"]
