"""The Open Inference Protocol over HTTP: health, metadata and inference."""

from http import HTTPStatus
from importlib.metadata import version as version_of
from typing import Any

from fastapi import APIRouter, Request, Response

from kiemtin.errors import KiemtinError
from serving.access.needs import needs
from serving.access.scopes import Scope
from serving.deps import EngineDep, SettingsDep
from serving.doors.inference.outputs import NAME, OUTPUTS, answer, parameters_of
from serving.doors.inference.requests import read_request
from serving.doors.route import DoorRoute, refusals
from serving.doors.scoring import score_texts
from serving.engine import Engine, Model
from serving.errors import NotFoundError
from serving.openapi import problems
from serving.schemas.inference import (
    InferErrorOut,
    InferOut,
    ModelMetadataOut,
    ModelReadyOut,
    ServerLiveOut,
    ServerMetadataOut,
    ServerReadyOut,
    TensorMetadataOut,
)


class InferenceRoute(DoorRoute):
    """A route with the errors that the protocol knows: one string."""

    @staticmethod
    def restate(
        error: KiemtinError, status: HTTPStatus, request_id: str
    ) -> tuple[HTTPStatus, InferErrorOut]:
        """Return *error* as a string that begins with our code."""
        if status == HTTPStatus.UNPROCESSABLE_ENTITY:
            status = HTTPStatus.BAD_REQUEST
        return status, InferErrorOut(error=f"{error.code}: {error}")


router = APIRouter(prefix="/v2", tags=["doors"], route_class=InferenceRoute)
_MODEL, _VERSION = "/models/{name}", "/models/{name}/versions/{version}"
_LOCKED: dict[str, Any] = {
    "dependencies": [needs()],
    "responses": refusals(InferErrorOut, 401, 403),
}
_DESCRIBED: dict[str, Any] = {
    "dependencies": [needs()],
    "responses": refusals(InferErrorOut, 401, 403, 404, 503),
}
_SCHEMA = {"$ref": "#/components/schemas/InferIn"}
_INFER: dict[str, Any] = {
    "response_model": InferOut,
    "summary": "Score texts, for clients of the Open Inference Protocol",
    "dependencies": [needs(Scope.SCORE)],
    "responses": refusals(InferErrorOut, 400, 401, 403, 404, 429, 503, 504)
    | problems(413),
    "openapi_extra": {
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {"schema": _SCHEMA},
                "application/octet-stream": {
                    "schema": {"type": "string", "format": "binary"}
                },
            },
        }
    },
}


@router.get("", summary="The server, for the Open Inference Protocol", **_LOCKED)
async def describe_server() -> ServerMetadataOut:
    """Name the service and what of the protocol it knows beyond the least."""
    return ServerMetadataOut(
        name=NAME, version=version_of("kiemtin"), extensions=["binary_tensor_data"]
    )


@router.get("/health/live", summary="Is the process there?")
async def is_live() -> ServerLiveOut:
    """Say that the process answers."""
    return ServerLiveOut(live=True)


@router.get(
    "/health/ready",
    summary="Is there a model?",
    responses=refusals(InferErrorOut, 503),
)
async def is_ready(engine: EngineDep) -> ServerReadyOut:
    """Say that there is a model; scoring needs nothing else."""
    _ = engine.model
    return ServerReadyOut(ready=True)


@router.get(f"{_VERSION}/ready", summary="Is it ready?", **_DESCRIBED)
@router.get(f"{_MODEL}/ready", summary="Is it ready?", **_DESCRIBED)
async def is_model_ready(
    engine: EngineDep, name: str, version: str = ""
) -> ModelReadyOut:
    """Say that the model scores."""
    _find(engine, name, version)
    return ModelReadyOut(name=NAME, ready=True)


@router.get(_VERSION, summary="What comes in and goes out", **_DESCRIBED)
@router.get(_MODEL, summary="What comes in and goes out", **_DESCRIBED)
async def describe_model(
    engine: EngineDep, name: str, version: str = ""
) -> ModelMetadataOut:
    """Describe the tensors of the model, and the order of its labels."""
    model = _find(engine, name, version)
    return ModelMetadataOut(
        name=NAME,
        versions=[model.out.version],
        platform="onnxruntime_onnx",
        inputs=[TensorMetadataOut(name="text", datatype="BYTES", shape=[-1])],
        outputs=[
            TensorMetadataOut(name=x, datatype=kind.datatype, shape=[-1, *kind.row])
            for x, kind in OUTPUTS.items()
        ],
        parameters=parameters_of(model),
    )


@router.post(f"{_VERSION}/infer", **_INFER)
@router.post(f"{_MODEL}/infer", **_INFER)
async def infer(
    request: Request,
    engine: EngineDep,
    settings: SettingsDep,
    name: str,
    version: str = "",
) -> Response:
    """Score the texts of one tensor; in JSON or, after it, in bytes."""
    _find(engine, name, version)
    asked, texts = await read_request(request)
    timeout_us = asked.parameters.timeout
    scores, model = await score_texts(
        request,
        texts,
        engine=engine,
        settings=settings,
        named="text",
        deadline_s=timeout_us / 1e6 if timeout_us else None,
    )
    return answer(asked, scores, model)


def _find(engine: Engine, name: str, version: str) -> Model:
    if name != NAME:
        msg = f"no model has this name; there is {NAME}"
        raise NotFoundError(msg)
    model = engine.model
    if version not in {"", model.out.version}:
        msg = f"{NAME} has no such version; there is {model.out.version}"
        raise NotFoundError(msg)
    return model
