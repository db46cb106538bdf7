"""Which graph is shipped: the first of its variant that loses little enough."""

import shutil
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol

import numpy as np
import structlog
from pydantic import BaseModel, ConfigDict

from kiemtin.manifest import Variant
from training.errors import ExportError
from training.evaluation.comparison import aligned
from training.evaluation.scored import Scored
from training.exporting.forms import FP32, LADDERS, Facts, write_form
from training.exporting.losses import Lost, measure_losses, why_refused
from training.recipes.outcome import ExportSection

log = structlog.get_logger()

GOLDEN_PARITY: dict[Variant, float] = {"fp32": 0.001, "fp16": 0.005, "int8": 0.05}
"""The most by which a golden's probability may differ from the network's in torch."""


class Judge(Protocol):
    """Scores with any graph, at the thresholds that are shipped."""

    def score(self, graph: Path) -> Scored:
        """Return the dev rows scored with *graph*."""

    def golden_change(self, graph: Path) -> float:
        """Return how far *graph* puts a golden's probability from the network's."""


class Attempt(Facts):
    """
    One form that was tried, against fp32.

    Attributes:
        score_change: The largest change of a probability on the dev rows.
        golden_change: The same on the goldens, against the network in torch.
        lost: Of each label on the dev rows, pooled and by corpus.
        refused: Why it was not taken; empty if it was.
    """

    score_change: float
    golden_change: float
    lost: list[Lost]
    refused: str


class ExportRecord(BaseModel):
    """
    How the graph of a bundle came about.

    Attributes:
        variant: How its weights are kept.
        form: How they are kept and multiplied, in words.
        attempts: What was tried, the last of which was taken.
        fp32: What the graph in fp32 costs, to compare with.
        parity: By how much a logit of the graph in fp32 differs from the network's.
        weights_from: What the weights were kept in before: int8 if they come out of
            such a bundle.
    """

    model_config = ConfigDict(frozen=True)

    variant: Variant
    form: str
    attempts: list[Attempt]
    fp32: Facts
    parity: float = 0.0
    weights_from: Variant = "fp32"


def choose_variant(
    fp32: Path,
    target: Path,
    section: ExportSection,
    *,
    reference: Scored,
    judge: Judge,
) -> ExportRecord:
    """
    Write the graph that *section* asks for to *target*, and return how it was chosen.

    Args:
        fp32: What `export_graph` wrote.
        target: Nothing is written there before the choice is made.
        section: The variant, and what it may lose.
        reference: The dev rows, scored with *fp32*.
        judge: Scores the same rows with another graph, at the same thresholds.

    Raises:
        ExportError: If every form of the variant loses more than is allowed.
    """
    attempts: list[Attempt] = []
    with TemporaryDirectory() as folder:
        path = Path(folder) / "form.onnx"
        plain = write_form(FP32, fp32, path)
        for form in LADDERS[section.variant]:
            facts = plain if form is FP32 else write_form(form, fp32, path)
            scored = reference if form is FP32 else judge.score(path)
            golden_change = judge.golden_change(path)
            attempts.append(_judged(facts, golden_change, reference, scored, section))
            log.info("tried", form=form.name, refused=attempts[-1].refused or None)
            if not attempts[-1].refused:
                shutil.copyfile(path, target)
                return ExportRecord(
                    variant=form.variant,
                    form=form.name,
                    attempts=attempts,
                    fp32=plain,
                )
    reasons = "; ".join(f"{a.form}: {a.refused}" for a in attempts)
    msg = f"no {section.variant} graph is good enough: {reasons}"
    raise ExportError(msg)


def _judged(
    facts: Facts,
    golden_change: float,
    reference: Scored,
    scored: Scored,
    section: ExportSection,
) -> Attempt:
    reference, scored = aligned([reference, scored])
    lost = measure_losses(reference, scored)
    change = np.abs(scored.scores - reference.scores).max(initial=0.0)
    reasons = [why_refused(lost, section)]
    if golden_change > (most := GOLDEN_PARITY[facts.variant]):
        far = f"a golden is {golden_change:.4f} from the network, at most {most:g}"
        reasons.append(f"{far} is allowed")
    if not facts.rows_independent:
        reasons.append("a text's score depends on what is scored with it")
    return Attempt(
        **facts.model_dump(),
        score_change=round(float(change), 4),
        golden_change=round(golden_change, 4),
        lost=lost,
        refused="; ".join(filter(None, reasons)),
    )
