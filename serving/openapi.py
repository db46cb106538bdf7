"""The description of the API, where every problem has its one shape."""

from http import HTTPStatus
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from serving.problems import MEDIA_TYPE
from serving.schemas.problem import ProblemOut
from serving.schemas.score import ScoreIn

_REF = "#/components/schemas/{model}"


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


def describe(app: FastAPI) -> dict[str, Any]:
    """Return the OpenAPI document of *app*, with the shapes that routes refer to."""
    if app.openapi_schema is None:
        document = get_openapi(
            title=app.title,
            version=app.version,
            description=app.description,
            routes=app.routes,
        )
        schemas = document.setdefault("components", {}).setdefault("schemas", {})
        for model in (ProblemOut, ScoreIn):
            schema = model.model_json_schema(ref_template=_REF)
            schemas.update(schema.pop("$defs", {}))
            schemas[model.__name__] = schema
        for unused in ("HTTPValidationError", "ValidationError"):
            schemas.pop(unused, None)
        document["components"]["schemas"] = dict(sorted(schemas.items()))
        for path in document["paths"].values():
            for operation in path.values():
                _drop_framework_errors(operation)
        app.openapi_schema = document
    return app.openapi_schema


def _drop_framework_errors(operation: dict[str, Any]) -> None:
    responses = operation["responses"]
    if "HTTPValidationError" in str(responses.get("422")):
        del responses["422"]
