"""What a bundle loses when texts are written otherwise: as people do, or to evade it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pydantic import BaseModel, ConfigDict

from kiemtin.labels import Label
from kiemtin.scoring import Scorer
from training.corpora import Row
from training.evaluate import Scored, score_rows, three_classes
from training.metrics import auc, macro_f1
from training.perturb import Half, perturb

EXAMINED = (
    "stripped",
    "half_stripped",
    "teencode",
    "split",
    "look_alike",
    "zero_width",
)
"""Of ``training.perturb``; the others are there to be asked for."""

SEED = 4000
"""Other than any that augmentation draws with; its half of the lexicons is another too."""

CLEAN = "clean"


class Robustness(BaseModel):
    """
    Figures of one corpus and label on clean and on changed copies of the same rows.

    Attributes:
        corpus: Whose rows.
        figure: Such as ``unreliable.auc`` or ``three_classes.macro_f1``.
        values: By perturbation, ``clean`` among them.
        rows: How many.
    """

    model_config = ConfigDict(frozen=True)

    corpus: str
    figure: str
    values: dict[str, float]
    rows: int


@dataclass(frozen=True, slots=True)
class _Examined:
    name: str
    scored: Scored


def examine(
    scorer: Scorer, rows: Sequence[Row], *, perturbations: Sequence[str] = EXAMINED
) -> list[Robustness]:
    """
    Return AUC and macro-F1 of every corpus and label, clean and perturbed.

    Copies are written with the half of the lexicons that augmentation never uses, and
    flags are those of the thresholds in the bundle, which are chosen on clean text.
    """
    copies = [_Examined(CLEAN, score_rows(scorer, rows))]
    for name in perturbations:
        changed = [
            replace(r, text=perturb(name, r.text, seed=SEED, half=Half.B)) for r in rows
        ]
        copies.append(_Examined(name, score_rows(scorer, changed)))
    return [
        figure
        for corpus in dict.fromkeys(r.corpus for r in rows)
        for figure in _of_corpus(corpus, copies)
    ]


def _of_corpus(corpus: str, copies: Sequence[_Examined]) -> list[Robustness]:
    values: dict[str, dict[str, float]] = {}
    n_rows = 0
    for copy in copies:
        part = copy.scored.of(corpus)
        n_rows = max(n_rows, len(part.rows))
        for figure, value in _figures(part).items():
            values.setdefault(figure, {})[copy.name] = round(value, 4)
    return [
        Robustness(corpus=corpus, figure=figure, values=found, rows=n_rows)
        for figure, found in values.items()
    ]


def _figures(part: Scored) -> dict[str, float]:
    out: dict[str, float] = {}
    for i, label in enumerate(Label):
        if not part.rows or any(label not in r.labels for r in part.rows):
            continue
        truth = part.truth(label)
        if 0 < truth.sum() < len(truth):
            out[f"{label}.auc"] = auc(truth, part.scores[:, i])
            out[f"{label}.macro_f1"] = macro_f1(truth, part.flags[:, i].astype(float))
    if f"{Label.HATE}.auc" in out and f"{Label.ABUSIVE}.auc" in out:
        out["three_classes.macro_f1"] = macro_f1(*three_classes(part))
    return out
