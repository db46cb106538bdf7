"""The sections of a recipe that decide what is made of a network's logits."""

from typing import Literal

from pydantic import Field

from kiemtin.manifest import Variant
from training.recipes.loading import Section

Method = Literal["temperature", "platt", "beta", "isotonic"]


class CalibrationSection(Section):
    """Which ways to calibrate compete, for each label, on the dev split."""

    methods: tuple[Method, ...] = ("temperature", "platt", "beta", "isotonic")
    folds: int = Field(default=5, gt=1)
    """Each is judged by its log loss on folds that it was not fitted on."""


class ThresholdSection(Section):
    """How thresholds are chosen on the dev split."""

    rule: Literal["f1", "precision", "budget", "cost"] = "f1"
    """For review, label by label: the best macro-F1; the least threshold of at least
    *precision*; at most *budget* of the posts; or the least cost."""
    precision: float = Field(default=0.5, gt=0, le=1)
    budget: float = Field(default=0.05, gt=0, le=1)
    """The largest part of posts that any one label may send to review."""
    missed_cost: float = Field(default=5, gt=0)
    """What a missed post costs, in posts reviewed for nothing."""
    urgent_precision: float = Field(gt=0, le=1)
    protected_flagged: float = Field(gt=0, le=1)
    """The largest part of protected speech that all labels together may flag."""
    protected_ratio: float = Field(default=1.5, gt=0)
    """The largest multiple of the share of other benign text that is flagged."""
    others_flagged: float = Field(gt=0, le=1)
    """The largest part of the rows that are assumed to be free of a label."""
    abstained: float = Field(default=0.1, ge=0, lt=1)
    """The largest part of posts just below review of which nothing is concluded."""
    cleared_wrongly: float = Field(default=0.02, gt=0, lt=1)
    """Below the abstained ones at most this part of the posts carries the label."""


class ExportSection(Section):
    """Which graph is shipped, and what it may lose against fp32."""

    variant: Variant = "int8"
    macro_f1_lost: float = Field(default=0.005, ge=0)
    rare_f1_lost: float = Field(default=0.01, ge=0)
    """Of the F1 of the rare class of any corpus."""
