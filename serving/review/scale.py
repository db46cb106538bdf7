"""What the probabilities of a post are held against."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from kiemtin.labels import Label


@dataclass(frozen=True, slots=True)
class Limits:
    """From which probability on a label is flagged, and from which it is urgent."""

    review: float
    urgent: float


@dataclass(frozen=True, slots=True)
class Scale:
    """
    The thresholds of one policy, and how each label was calibrated.

    Scores of another policy are shown without them: they were never held against these.
    """

    policy_version: str = ""
    limits: Mapping[Label, Limits] = field(default_factory=dict)
    calibration: Mapping[Label, str] = field(default_factory=dict)


NO_SCALE = Scale()
"""For as long as no model is loaded."""
