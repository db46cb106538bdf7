"""A report as one page that needs nothing else: no script, no file, no network."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from markupsafe import Markup

from kiemtin.labels import Label
from training.evaluation.drawing import to_svg
from training.evaluation.functional import Capability
from training.evaluation.metrics import Figure
from training.evaluation.plots import all_plots
from training.evaluation.report import Report
from training.evaluation.robustness import Robustness
from training.evaluation.scored import Figures, Scored
from training.evaluation.scores import CLEAN
from training.evaluation.slice_figures import SliceFigures
from training.evaluation.standalone import TEMPLATES, render

FIGURES = (
    "auc",
    "average_precision",
    "macro_f1",
    "f1",
    "precision_at_2",
    "precision_at_5",
    "ece",
    "ece_fixed",
    "brier",
)
"""The columns of the table of figures."""
SLICE_FIGURES = ("auc", "macro_f1", "f1")

_SAID = {
    "precision_recall": "Precision by recall, a line for each corpus; the dot is where the shipped thresholds flag.",
    "reliability": "How often posts with such a score have the label, with 95 % intervals; on the diagonal scores are honest.",
    "threshold_curve": "What each threshold would flag, over all corpora that carry the label; the dashed lines are shipped.",
    "confusion": "Which rows the shipped thresholds flag, in per cent of each line.",
}
_ORDER = tuple(_SAID)


@dataclass(frozen=True, slots=True)
class Plot:
    """A plot as it stands in the page."""

    name: str
    said: str
    svg: Markup


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the table of figures: one corpus and label."""

    corpus: str
    label: str
    cells: list[Figure | None]

    @property
    def rows(self) -> int:
        """How many rows it is of."""
        return next(c.rows for c in self.cells if c)


def render_page(report: Report, scored: Mapping[str, Scored]) -> str:
    """
    Return the page, in HTML: figures, and no text of a corpus.

    Args:
        report: What was measured.
        scored: What plots are drawn of, by split.
    """
    return render(
        "evaluation.html.j2",
        TEMPLATES,
        report=report,
        columns=FIGURES,
        slice_columns=SLICE_FIGURES,
        lines={s: list(figure_lines(x)) for s, x in report.splits.items()},
        stripped={
            s: list(figure_lines(x)) for s, x in report.without_diacritics.items()
        },
        slices={s: by_slice(x) for s, x in report.slices.items()},
        perturbations={s: perturbations(x) for s, x in report.robustness.items()},
        plots={s: _plots(s, x, report) for s, x in scored.items()},
        labels=list(Label),
        families=by_family(report.functional),
        clean=CLEAN,
    )


def figure_lines(figures: Figures) -> Iterator[Line]:
    """Yield a line for each corpus and label of *figures*."""
    for corpus, found in figures.items():
        for label in dict.fromkeys(name.partition(".")[0] for name in found):
            cells = [found.get(f"{label}.{figure}") for figure in FIGURES]
            yield Line(corpus, label.replace("_", " "), cells)


def by_slice(found: list[SliceFigures]) -> dict[str, list[SliceFigures]]:
    """Return *found* by the kind of slice, such as ``length``."""
    out: dict[str, list[SliceFigures]] = {}
    for x in found:
        kind = x.slice.partition(".")[0].removeprefix("not_")
        out.setdefault(kind, []).append(x)
    order = ("length", "diacritics", "political", "topic", "time")
    ordered = {k: out[k] for k in order if k in out} | out
    return {
        kind: sorted(lines, key=lambda x: (x.corpus, x.label, x.slice))
        for kind, lines in ordered.items()
    }


def perturbations(found: list[Robustness]) -> list[str]:
    """Return the perturbations of *found*, in the order in which they were asked for."""
    return list(found[0].changes) if found else []


def by_family(found: list[Capability]) -> dict[str, list[Capability]]:
    """Return capabilities by their family."""
    out: dict[str, list[Capability]] = {}
    for x in found:
        out.setdefault(x.name.partition(".")[0], []).append(x)
    return out


def _plots(split: str, scored: Scored, report: Report) -> dict[str, list[Plot]]:
    """Return the plots of each label."""
    out: dict[str, list[Plot]] = {}
    for path, figure in all_plots(scored, report.thresholds).items():
        _, label, name = path.split("/")
        said = _SAID[name]
        svg = to_svg(figure, f"{split}-{label}-{name}", f"{label}: {said}")
        out.setdefault(label.replace("_", " "), []).append(Plot(name, said, svg))
    return {
        label: sorted(plots, key=lambda p: _ORDER.index(p.name))
        for label, plots in out.items()
    }
