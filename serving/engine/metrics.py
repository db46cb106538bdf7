"""What the engine tells of its work, to whoever counts."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from serving.engine.lanes import Lane


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """
    What a worker did of one batch.

    Attributes:
        n_posts: How many posts it was handed.
        n_windows: How many windows the network read.
        n_tokens: How many tokens these have.
        n_padded: How many more it read to make windows equally long.
        n_cached: How many posts were known from before.
        prepare_s: For normalizing and tokens.
        network_s: For the network.
        rest_s: For the wide part, calibration, reasons and JSON.
        flagged: How many posts, by label.
        abstained: How many posts, by label.
        recommended: How many posts, by recommendation.
    """

    n_posts: int
    n_windows: int
    n_tokens: int
    n_padded: int
    n_cached: int
    prepare_s: float
    network_s: float
    rest_s: float
    flagged: Mapping[str, int]
    abstained: Mapping[str, int]
    recommended: Mapping[str, int]


class EngineMetrics(Protocol):
    """Somebody who counts."""

    def batch(self, batch: Batch) -> None:
        """A worker answered a batch."""

    def waited(self, lane: Lane, seconds: float) -> None:
        """A post was handed to a worker, after so many seconds."""

    def refused(self, lane: Lane) -> None:
        """A call was refused, since too much waits."""

    def expired(self, lane: Lane) -> None:
        """A call was not answered in time."""


class NoMetrics:
    """Nobody counts."""

    def batch(self, batch: Batch) -> None:
        """Do nothing."""

    def waited(self, lane: Lane, seconds: float) -> None:
        """Do nothing."""

    def refused(self, lane: Lane) -> None:
        """Do nothing."""

    def expired(self, lane: Lane) -> None:
        """Do nothing."""
