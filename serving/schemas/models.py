"""Models that are there, and how a challenger compares."""

from enum import StrEnum
from typing import Annotated

from pydantic import AwareDatetime, StringConstraints

from kiemtin.labels import Label, Recommendation
from serving.schemas.wire import UnicodeText, Wire

Digest = Annotated[str, StringConstraints(pattern=r"^sha256:[0-9a-f]{64}$")]


class ModelState(StrEnum):
    """What becomes of a model now."""

    ACTIVE = "active"
    """It scores."""
    PREVIOUS = "previous"
    """It did before; a rollback makes it score again."""
    SHADOW = "shadow"
    """It only watches."""
    REFUSED = "refused"
    """It did not prove itself when it was tried."""
    AVAILABLE = "available"


class RefusalOut(Wire):
    """Why a model was refused."""

    code: str
    detail: str


class KnownModelOut(Wire):
    """A model that is there."""

    name: str
    version: str
    digest: str
    state: ModelState
    since: AwareDatetime | None
    """Since when it is in this state, or lies there; null if nobody knows."""
    folder: str | None
    """In the folder of models; null for the bundle of the settings."""
    refusal: RefusalOut | None


class ModelsOut(Wire):
    """All models that are there."""

    models: list[KnownModelOut]


class ActivateIn(Wire):
    """Which model is meant, where its name does not say it."""

    digest: Digest | None = None
    version: UnicodeText | None = None


class ChallengerOut(Wire):
    """The model that only watches."""

    name: str
    version: str
    digest: str


class ShadowState(StrEnum):
    """What the challenger does."""

    LOADING = "loading"
    COMPARING = "comparing"
    REFUSED = "refused"


class ShadowPostsOut(Wire):
    """What became of the posts that it was to score, too."""

    compared: int
    dropped: int
    """There was no room, or no time before the model changed."""
    failed: int


class FlagsOut(Wire):
    """Who flagged how many posts."""

    both: int
    champion: int
    """Only the model that serves."""
    challenger: int
    """Only the one that watches."""
    neither: int


class DifferenceOut(Wire):
    """How far two probabilities are apart, without their sign."""

    mean: float
    largest: float
    at_most: dict[str, int]
    """How many posts are at most so far apart; each includes those before."""


class LabelComparisonOut(Wire):
    """One label in one slice."""

    flagged: FlagsOut
    difference: DifferenceOut


class SliceComparisonOut(Wire):
    """Both models on the posts of one slice."""

    posts: int
    recommendations: dict[Recommendation, dict[Recommendation, int]]
    """What the model that serves recommends, and of those what the other one does."""
    labels: dict[Label, LabelComparisonOut]


class ShadowOut(Wire):
    """A challenger beside the model that serves, since when this one does."""

    state: ShadowState
    refusal: RefusalOut | None
    share: float
    """Of how many posts it is asked."""
    challenger: ChallengerOut | None
    """Null as long as it is not loaded."""
    champion: str | None
    """The digest of the model that it is compared with."""
    since: AwareDatetime | None
    posts: ShadowPostsOut
    slices: dict[str, SliceComparisonOut]
