"""Refusals of requests that never came to a route, in the shape of the door."""

from fastapi import Request, Response

from kiemtin.errors import KiemtinError
from serving.doors.inference.routes import InferenceRoute
from serving.doors.moderations.routes import ModerationRoute
from serving.doors.perspective.refusals import PerspectiveRoute
from serving.doors.route import DoorRoute, refuse
from serving.problems import problem_response

_FOLDERS: dict[str, type[DoorRoute]] = {
    "/v1/moderations/": ModerationRoute,
    "/v1alpha1/": PerspectiveRoute,
    "/$discovery/": PerspectiveRoute,
    "/v2/": InferenceRoute,
}


def explain(request: Request, error: KiemtinError) -> Response:
    """Return *error* as clients of the address can read it; a problem for our own."""
    path = f"{request.scope['path']}/"
    for folder, route in _FOLDERS.items():
        if path.startswith(folder):
            return refuse(request, error, route.restate)
    return problem_response(request, error)
