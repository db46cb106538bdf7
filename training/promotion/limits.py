"""What a challenger must hold to become champion: ``gate.toml``."""

import tomllib
from importlib import resources

from pydantic import Field

from training.recipes import Section, parse_recipe

LIMITS_FILE = "gate.toml"


class OverallLimits(Section):
    """Of the mean over corpora and labels."""

    loss: float = Field(ge=0, lt=1)
    """The most that the upper end of the loss's 95 % interval may be."""
    least_rows: int = Field(gt=0)
    """A corpus with fewer test rows counts in slices alone: chance would outweigh it."""


class SliceLimits(Section):
    """Of each slice."""

    loss: float = Field(ge=0, lt=1)
    losses: dict[str, float]
    """By the name of the slice, where it is another."""
    confidence: float = Field(gt=0.5, lt=1)
    """That chance blames no slice of a kind, such as topics or corpora."""

    def of(self, name: str) -> float:
        """Return the most that the slice called *name* may lose."""
        return self.losses.get(name, self.loss)


class ProtectedLimits(Section):
    """Of criticism, opinion, satire and reporting, on shares that any label flags."""

    flagged: float = Field(gt=0, le=1)
    ratio: float = Field(gt=0)
    """To the share of other benign text."""


class FunctionalLimits(Section):
    """Of the functional tests, in shares of cases that only the champion passes."""

    lost: float = Field(ge=0, le=1)
    family_lost: float = Field(ge=0, le=1)
    confidence: float = Field(gt=0.5, lt=1)
    """That chance blames neither all cases nor any family."""
    capability_lost: float = Field(ge=0, le=1)
    """Whatever chance explains."""


class Limits(Section):
    """All of them."""

    overall: OverallLimits
    slices: SliceLimits
    protected: ProtectedLimits
    functional: FunctionalLimits


def load_limits() -> Limits:
    """Return the limits that this code comes with."""
    path = resources.files("training.promotion") / LIMITS_FILE
    values = tomllib.loads(path.read_text(encoding="utf-8"))
    return parse_recipe(values, Limits, name=LIMITS_FILE)
