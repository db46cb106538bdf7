"""The model card: what the bundle says, what it was measured on, who may use it."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from pydantic import ValidationError

from kiemtin.labels import Label
from kiemtin.manifest import Manifest
from training.corpora.sources import read_sources
from training.evaluation.metrics import Figure
from training.evaluation.report import HEADLINES, Report
from training.evaluation.slice_figures import SliceFigures, weakest
from training.exporting.terms import Terms, encoder_terms, terms_of
from training.exporting.variants import Attempt, ExportRecord
from training.recipes import TrainRecipe

_TEMPLATES = Path(__file__).parent / "templates"
_N_WEAKEST = 5

_MEANING = {
    Label.UNRELIABLE: "written like posts that annotators judged unreliable; it may be true",
    Label.ABUSIVE: "offensive or hateful",
    Label.HATE: "attacks people for what they are, or calls for harm; a part of abusive",
    Label.SCAM: "tries to defraud its reader",
    Label.SPAM: "unwanted promotion or noise",
}


def model_card(manifest: Manifest, recipe: TrainRecipe, report: Report) -> str:
    """Return the card, in Markdown; what an old report lacks is left out."""
    record = _record(report)
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=False,  # noqa: S701 - Markdown, and nobody else's text is in it
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["figure"] = _figure
    terms = terms_of(report.rows.get("train", {}), read_sources())
    return environment.get_template("card.md.j2").render(
        manifest=manifest,
        recipe=recipe,
        report=report,
        labels=[(x, _MEANING[x]) for x in Label],
        headlines=_headlines(report),
        weakest=_weak_slices(report),
        failing=_weak_capabilities(report),
        terms=terms,
        learned={t.corpus for t in terms},
        restricted=_restricted(terms),
        encoder=encoder_terms(recipe.encoder),
        export=record,
        taken=record.attempts[-1] if record else None,
        lost=_worst(record.attempts[-1]) if record else {},
    )


def _record(report: Report) -> ExportRecord | None:
    try:
        return ExportRecord.model_validate(report.export)
    except ValidationError:
        return None  # a report of before 0.3


def _headlines(report: Report) -> list[tuple[str, str, dict[str, Figure]]]:
    rows = []
    for corpus, name in HEADLINES:
        found = {
            split: corpora[corpus][name]
            for split, corpora in report.splits.items()
            if name in corpora.get(corpus, {})
        }
        if found:
            rows.append((corpus, name, found))
    return rows


def _weak_slices(report: Report) -> list[tuple[SliceFigures, Figure, Figure]]:
    """Return the slices of test whose AUC is lowest, beside that of the whole corpus."""
    rows = []
    for found in weakest(report.slices.get("test", []), "auc"):
        corpus = report.splits.get("test", {}).get(found.corpus, {})
        whole, part = corpus.get(f"{found.label}.auc"), found.figures["auc"]
        if whole and part.value < whole.value:
            rows.append((found, part, whole))
    return rows[:_N_WEAKEST]


def _weak_capabilities(report: Report) -> list[tuple[str, int, int]]:
    found = sorted(report.functional, key=lambda c: c.passed / c.cases)
    return [(c.says, c.passed, c.cases) for c in found[:_N_WEAKEST]]


def _worst(attempt: Attempt) -> dict[str, float]:
    """Return the largest losses of a label over all corpora, in points."""
    pooled = [x for x in attempt.lost if x.corpus == "all"]
    return {
        "macro_f1": 100 * max((x.macro_f1 for x in pooled), default=0.0),
        "rare_f1": 100 * max((x.rare_f1 for x in pooled), default=0.0),
    }


def _restricted(terms: list[Terms]) -> list[str]:
    """Return the corpora that may not be passed on, each with why."""
    return [f"{t.corpus} ({t.why})" for t in terms if t.why]


def _figure(figure: Figure | None) -> str:
    if figure is None:
        return "-"
    return f"{figure.value:.3f} ({figure.low:.3f} to {figure.high:.3f})"
