"""The pages: server-rendered, in Vietnamese first, and good without scripts."""

from fastapi import APIRouter, Request, Response

from kiemtin.errors import KiemtinError
from serving.access.signing_in import is_console
from serving.console import desk, page

__all__ = ["explain", "is_page", "router"]

router = APIRouter(include_in_schema=False)
router.include_router(page.router)
router.include_router(desk.router)


def is_page(path: str) -> bool:
    """Say whether *path* is one that people look at."""
    return path == "/" or is_console(path)


def explain(request: Request, error: KiemtinError) -> Response:
    """Return the page that says why another is not shown."""
    explained = desk.explain if is_console(request.url.path) else page.explain
    return explained(request, error)
