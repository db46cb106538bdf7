"""Style sheets, scripts and the icon of the pages."""

from fastapi import APIRouter
from fastapi.responses import FileResponse

from serving.assets import ASSETS
from serving.errors import NotFoundError

router = APIRouter(include_in_schema=False)


@router.get("/static/{name}")
def read_asset(name: str) -> FileResponse:
    """Return one of the files that pages load."""
    if name not in ASSETS:
        msg = "no such file"
        raise NotFoundError(msg)
    path, media_type = ASSETS[name]
    headers = {"Cache-Control": "no-cache"}
    return FileResponse(path, media_type=media_type, headers=headers)
