"""What a variant reaches on dev and on the dev half of protected speech."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from kiemtin.scoring import Scorer
from training.corpora.row import Row
from training.evaluation.bias import bias, protected_flagged
from training.evaluation.metrics import Figure
from training.evaluation.scored import (
    Figures,
    Scored,
    figures,
    flagged_shares,
    score_rows,
)
from training.preparation.load import read_rows
from training.recipes import TrainRecipe
from training.splits import Split

AT_A_TENTH = "protected.at_a_tenth"
"""Protected speech flagged where a tenth of other benign posts is, by any label."""
_SHARE = "any.flagged"
_ROUND = 4


@dataclass(frozen=True)
class DevRows:
    """All of what variants are judged by, however few rows they were trained on."""

    dev: Sequence[Row]
    protected: Sequence[Row]


@dataclass(frozen=True)
class Measured:
    """
    A bundle on the dev rows.

    Attributes:
        digest: Of the bundle.
        scored: The dev rows.
        figures: By name: ``vihsd.abusive.auc``, ``mean.auc``, ``protected.flagged``,
            ``bias.abusive.bpsn_auc`` and so on; what cannot be measured is absent.
    """

    digest: str
    scored: Scored
    figures: dict[str, float]


def load_dev(data: Path, recipe: TrainRecipe) -> DevRows:
    """
    Return the dev rows of the corpora of *recipe*, and never one of test.

    Raises:
        PreparedError: If they cannot be read.
    """
    dev = read_rows(
        data, Split.DEV, corpora=recipe.corpora, permission=recipe.permission
    )
    return DevRows(list(dev), list(read_rows(data, Split.PROTECTED_DEV)))


def measure(bundle: Path, rows: DevRows) -> Measured:
    """
    Return what *bundle* reaches on *rows*.

    Raises:
        BundleError: If it does not prove itself.
    """
    scorer = Scorer.load(bundle, threads=0)
    scored, protected = score_rows(scorer, rows.dev), score_rows(scorer, rows.protected)
    of_corpora = figures(scored)
    found = _means(of_corpora) | {
        f"{corpus}.{name}": figure.value
        for corpus, named in of_corpora.items()
        for name, figure in named.items()
    }
    found |= _politics(scored, protected)
    kept = {k: round(v, _ROUND) for k, v in found.items() if math.isfinite(v)}
    return Measured(scorer.digest, scored, kept)


def _means(found: Figures) -> dict[str, float]:
    """Return the means of the AUCs and of the macro-F1s over corpora and labels."""
    means = {}
    for kind in ("auc", "macro_f1"):
        values = [
            figure.value
            for named in found.values()
            for name, figure in named.items()
            if name.endswith(f".{kind}")
        ]
        if values:
            means[f"mean.{kind}"] = math.fsum(values) / len(values)
    return means


def _politics(scored: Scored, protected: Scored) -> dict[str, float]:
    shares = flagged_shares(protected, scored)
    found = {
        name: shares[part][_SHARE].value
        for name, part in (
            ("protected.flagged", "protected_speech"),
            ("others.flagged", "other_benign"),
        )
        if _SHARE in shares[part]
    }
    if found.get("others.flagged") and "protected.flagged" in found:
        found["protected.ratio"] = found["protected.flagged"] / found["others.flagged"]
    if at_a_tenth := protected_flagged(scored, protected):
        found[AT_A_TENTH] = at_a_tenth.value
    for label, of_label in bias(scored, protected).items():
        for name, value in of_label:
            if isinstance(value, Figure):
                found[f"bias.{label}.{name}"] = value.value
    return found
