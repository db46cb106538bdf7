"""HTML pages that need nothing else: no script, no file, no network."""

import base64
import hashlib
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

TEMPLATES = Path(__file__).parent / "templates"


def percent(share: float) -> str:
    """Return *share* as people read it."""
    return f"{100 * share:.1f} %"


def render(template: str, folder: Path, **values: Any) -> str:
    """
    Return the page of *template*, which extends ``base.html.j2``.

    Args:
        template: Its name.
        folder: Where it is; what all pages share is found from there, too.
        values: What it shows; texts are escaped.
    """
    css = (TEMPLATES / "page.css").read_text(encoding="utf-8")
    return (
        _environment(folder)
        .get_template(template)
        .render(css=Markup(css), policy=_policy(css), **values)  # noqa: S704 - a file of ours
    )


def _environment(folder: Path) -> Environment:
    environment = Environment(
        loader=FileSystemLoader([folder, TEMPLATES]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["percent"] = percent
    environment.filters["count"] = lambda n: f"{n:,}"
    environment.filters["chance"] = lambda p: f"{p:.2g}"
    return environment


def _policy(css: str) -> str:
    """Return the policy of a page that loads nothing and has one style sheet, *css*."""
    digest = base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; "
        "base-uri 'none'; form-action 'none'"
    )
