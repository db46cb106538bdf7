"""The audit as one page that needs nothing else: no script, no file, no network."""

import base64
import hashlib
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from training.auditing import plots
from training.auditing.giveaways import Metric
from training.auditing.pool import percent
from training.auditing.sections import PARTS, Audit

_TEMPLATES = Path(__file__).parent / "templates"


def render_page(audited: Audit) -> str:
    """Return the page, in HTML."""
    css = (_TEMPLATES / "page.css").read_text(encoding="utf-8")
    return (
        _environment()
        .get_template("page.html.j2")
        .render(
            audit=audited,
            sections=[(p.name, p.title) for p in PARTS],
            plots=_plots(audited),
            css=Markup(css),  # noqa: S704 - a file of ours
            policy=_policy(css),
        )
    )


def _plots(audited: Audit) -> dict[str, Markup]:
    return {
        "classes": plots.plot_classes(audited.contents),
        "lengths": plots.plot_lengths(audited.contents),
        "copies": plots.plot_copies(audited.copies.across),
        "months": plots.plot_months(audited.rates),
        "families": plots.plot_families(audited.terms),
        "topics": plots.plot_topics(audited.topics),
        "giveaways_auc": plots.plot_giveaways(audited.giveaways, Metric.AUC),
        "giveaways_f1": plots.plot_giveaways(audited.giveaways, Metric.MACRO_F1),
    }


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
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
