"""Files that pages load; all of them are served from here, by name."""

from importlib.resources import files
from pathlib import Path
from typing import Final

_OURS = Path(__file__).parent / "console" / "static"
_SWAGGER = Path(str(files("fastapi_swagger.resources")))

ASSETS: Final[dict[str, tuple[Path, str]]] = {
    "page.css": (_OURS / "page.css", "text/css"),
    "console.css": (_OURS / "console.css", "text/css"),
    "console.js": (_OURS / "console.js", "text/javascript"),
    "icon.svg": (_OURS / "icon.svg", "image/svg+xml"),
    "docs.js": (_OURS / "docs.js", "text/javascript"),
    "swagger-ui-bundle.js": (_SWAGGER / "swagger-ui-bundle.js", "text/javascript"),
    "swagger-ui.css": (_SWAGGER / "swagger-ui.css", "text/css"),
}
"""Where each file is, and of which type. Nothing else can be asked for."""
