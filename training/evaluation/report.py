"""report.json: what was measured, on what, by which rules."""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict

from kiemtin.labels import Label
from kiemtin.manifest import Thresholds
from training.evaluation.bias import BiasFigures
from training.evaluation.comparison import Difference
from training.evaluation.faithfulness import Faithfulness
from training.evaluation.functional import Capability
from training.evaluation.metrics import Figure
from training.evaluation.robustness import Robustness
from training.evaluation.scored import Figures
from training.evaluation.slice_figures import SliceFigures

HEADLINES = (
    ("reintel", "unreliable.auc"),
    ("reintel", "unreliable.f1"),
    ("vihsd", "three_classes.macro_f1"),
    ("vihsd", "abusive.auc"),
    ("victsd", "abusive.f1"),
    ("vlsp2019_hsd", "three_classes.macro_f1"),
    ("safesense", "three_classes.macro_f1"),
    ("vispamreviews", "spam.macro_f1"),
    ("ie403_smishing", "scam.macro_f1"),
)
"""The figure by which each corpus is usually judged."""


class Report(BaseModel):
    """
    Everything measured on one bundle; what was not measured is empty.

    Thresholds and calibration were chosen on dev and on the dev half of protected
    speech, never on test. By split, unless it says otherwise:

    Attributes:
        name: Of the bundle.
        version: Of the bundle.
        digest: Of the bundle; empty in the report that is a part of it.
        created: When it was measured.
        code: The commit by which.
        environment: Versions of what computes.
        data_digest: Of the splits.
        split_version: By which rules they were made.
        rows: How many there were, by split and corpus.
        set_aside: How many records of each corpus could not be read.
        left_out: How many rows of each corpus are copies or contradict one another.
        headline: A few figures, for a first look.
        splits: Figures by corpus.
        without_diacritics: The same on texts that lost them.
        flagged: Which shares of protected speech and of other benign text the shipped
            thresholds flag.
        slices: Figures of parts of each corpus.
        protected_slices: Which shares of parts of protected speech are flagged.
        bias: How each label treats talk of politics.
        functional: Of each capability, how many cases of ours pass; of no split.
        robustness: Figures on perturbed copies.
        faithfulness: The deletion test of reasons.
        against: By the name of another model, how far this one is from it.
        thresholds: As shipped; of no split.
        calibration_losses: Log loss out of fold of each way to calibrate, by label.
        export: What was tried to make the graph small, and what it lost.
        meaning: What has to be known to read it.
    """

    model_config = ConfigDict(frozen=True)

    name: str
    version: str
    digest: str = ""
    created: str
    code: str
    environment: dict[str, str]
    data_digest: str
    split_version: int
    rows: dict[str, dict[str, int]]
    set_aside: dict[str, int]
    left_out: dict[str, int] = {}
    headline: dict[str, float]
    splits: dict[str, Figures]
    without_diacritics: dict[str, Figures]
    flagged: dict[str, Figures]
    slices: dict[str, list[SliceFigures]] = {}
    protected_slices: dict[str, Figures] = {}
    bias: dict[str, dict[Label, BiasFigures]] = {}
    functional: list[Capability] = []
    robustness: dict[str, list[Robustness]] = {}
    faithfulness: dict[str, dict[Label, Faithfulness]] = {}
    against: dict[str, dict[str, list[Difference]]] = {}
    thresholds: dict[Label, Thresholds]
    calibration_losses: dict[Label, dict[str, float]] = {}
    export: dict[str, Any] = {}
    meaning: str = (
        "Rows of one near-duplicate cluster are in one split. "
        "three_classes.macro_f1 reads hate where hate is flagged, else offensive where "
        "abusive is, else clean. f1 is of the rare class, precision_at_2 of the 2 % of "
        "posts with the highest scores. Intervals: 95 %, bootstrap over rows."
    )

    def flat(self) -> dict[str, float]:
        """Return every figure of a whole split under one name, for the tracker."""
        parts = {"": self.splits, "stripped.": self.without_diacritics}
        parts["flagged."] = self.flagged
        found = {
            f"{prefix}{split}.{corpus}.{name}": figure.value
            for prefix, splits in parts.items()
            for split, corpora in splits.items()
            for corpus, figures in corpora.items()
            for name, figure in figures.items()
        }
        return found | self._of_functional() | self._of_bias()

    def figure(self, split: str, corpus: str, name: str) -> Figure:
        """Return one figure."""
        return self.splits[split][corpus][name]

    def _of_functional(self) -> dict[str, float]:
        if not self.functional:
            return {}
        cases = sum(c.cases for c in self.functional)
        passed = sum(c.passed for c in self.functional)
        found = {f"functional.{c.name}": c.passed / c.cases for c in self.functional}
        return {**found, "functional": round(passed / cases, 4)}

    def _of_bias(self) -> dict[str, float]:
        return {
            f"bias.{split}.{label}.{name}": value.value
            for split, labels in self.bias.items()
            for label, figures in labels.items()
            for name, value in figures
            if isinstance(value, Figure)
        }


def headline(
    splits: Mapping[str, Figures], flagged: Mapping[str, Figures], names: Sequence[str]
) -> dict[str, float]:
    """Return the usual figures of the last of the splits *names*."""
    split = names[-1]
    found = {
        f"{split}.{corpus}.{name}": splits[split][corpus][name].value
        for corpus, name in HEADLINES
        if name in splits[split].get(corpus, {})
    }
    shares = {
        f"{split}.{whose}.flagged": named["any.flagged"].value
        for whose, named in flagged[split].items()
        if named
    }
    return found | shares
