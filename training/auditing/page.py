"""The audit as one page that needs nothing else: no script, no file, no network."""

from pathlib import Path

from markupsafe import Markup

from training.auditing import plots
from training.auditing.giveaways import Metric
from training.auditing.sections import PARTS, Audit
from training.evaluation.standalone import render

_TEMPLATES = Path(__file__).parent / "templates"


def render_page(audited: Audit) -> str:
    """Return the page, in HTML."""
    return render(
        "page.html.j2",
        _TEMPLATES,
        audit=audited,
        sections=[(p.name, p.title) for p in PARTS],
        plots=_plots(audited),
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
