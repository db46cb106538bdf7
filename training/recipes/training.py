"""The recipe of a bundle: from an encoder and labelled rows to a model that is served."""

from typing import Literal

from kiemtin.labels import Label
from kiemtin.manifest import Pooling
from training.corpora.sources import Permission
from training.recipes.loading import Section
from training.recipes.outcome import (
    CalibrationSection,
    ExportSection,
    ThresholdSection,
)
from training.recipes.tuning import (
    AssumedNegative,
    AugmentSection,
    DistillationSection,
    FineTuneSection,
    LoraSection,
    MitigationSection,
    WideSection,
    WindowSection,
)


class TrainRecipe(Section):
    """From an encoder and labelled rows to a bundle."""

    name: str
    version: str
    seed: int
    encoder: str
    """A recipe of ``kiemtin pretrain`` whose result is used, a folder with a checkpoint
    or a bundle, or a model of the hub such as ``vinai/phobert-base``."""
    corpora: tuple[str, ...]
    permission: Permission = Permission.UNSTATED
    """The least that the terms of a row must allow; by default every row is taken."""
    max_rows: int | None = None
    """At most so many rows of each corpus in a split; for rehearsals."""
    segmenter: Literal["none", "underthesea"] = "none"
    """What joins syllables to words; serving must have the very same version."""
    window: WindowSection
    pooling: dict[Label, Pooling]
    """How the logits of several windows become one; ``smooth`` is learnt."""
    fine_tune: FineTuneSection
    lora: LoraSection | None = None
    distillation: DistillationSection | None = None
    augment: AugmentSection
    mitigation: MitigationSection = MitigationSection()
    assumed_negative: tuple[AssumedNegative, ...] = ()
    wide: WideSection | None = None
    """Without it, the network speaks alone."""
    calibration: CalibrationSection = CalibrationSection()
    thresholds: ThresholdSection
    export: ExportSection = ExportSection()
