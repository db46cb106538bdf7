"""The description of the API as a page, from files of ours alone."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, JSONResponse

from serving.access.needs import needs
from serving.middleware import CSP

router = APIRouter(include_in_schema=False, dependencies=[needs()])

_PAGE = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Kiểm Tin API</title>
<link rel="icon" href="static/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="static/swagger-ui.css">
<script src="static/swagger-ui-bundle.js" defer></script>
<script src="static/docs.js" defer></script>
</head>
<body>
<main id="swagger-ui"></main>
<noscript>This page needs JavaScript; <a href="openapi.json">openapi.json</a> and
docs/api.md say the same.</noscript>
</body>
</html>
"""

_CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


@router.get("/docs")
def show_docs() -> HTMLResponse:
    """Return the page; it asks for ``/openapi.json``."""
    return HTMLResponse(_PAGE, headers={CSP: _CSP})


@router.get("/openapi.json")
def show_openapi(request: Request) -> JSONResponse:
    """Return the description for programs."""
    return JSONResponse(request.app.openapi())
