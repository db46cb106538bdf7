"""The model that serves: a bundle that proved itself, or the reason why there is none."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from kiemtin.errors import BundleCorruptError, BundleError, InputError
from kiemtin.goldens import check_goldens, read_goldens
from kiemtin.schemas import ScoreOut
from kiemtin.scoring import Item, Scorer


@dataclass(frozen=True, slots=True)
class Proof:
    """How the golden texts went: how many, and how far off the worst of them was."""

    n_goldens: int
    largest_difference: float


class Engine:
    """A scorer for many threads; without a good bundle it refuses to score."""

    def __init__(
        self, scorer: Scorer | None, proof: Proof | BundleError, *, max_scorings: int
    ) -> None:
        self._scorer = scorer
        self._proof = proof
        self._slots = threading.BoundedSemaphore(max_scorings)

    @classmethod
    def start(cls, folder: Path, *, threads: int, max_scorings: int) -> Self:
        """Load the bundle in *folder* and try it on its golden texts."""
        try:
            scorer = Scorer.load(folder, threads=threads)
            goldens = read_goldens(folder)
            proof = Proof(len(goldens), check_goldens(scorer, goldens))
        except BundleError as e:
            return cls(None, e, max_scorings=max_scorings)
        except Exception as e:  # noqa: BLE001 - runtimes raise what they like
            # The bytes are those of the manifest, and yet no model comes of them.
            error = BundleCorruptError(f"{folder} cannot be loaded: {type(e).__name__}")
            return cls(None, error, max_scorings=max_scorings)
        return cls(scorer, proof, max_scorings=max_scorings)

    @property
    def scorer(self) -> Scorer:
        """
        The model.

        Raises:
            BundleError: If the bundle was refused.
        """
        if self._scorer is None:
            raise self.refusal or BundleError
        return self._scorer

    @property
    def proof(self) -> Proof:
        """
        How the golden texts went.

        Raises:
            BundleError: If the bundle was refused.
        """
        if isinstance(self._proof, BundleError):
            raise self.refusal or BundleError
        return self._proof

    @property
    def refusal(self) -> BundleError | None:
        """Why there is no model; None if there is one."""
        if isinstance(self._proof, BundleError):
            # One error raised by many threads would grow a traceback without end.
            return type(self._proof)(*self._proof.args)
        return None

    @property
    def short_digest(self) -> str:
        """Enough of the model's digest to know it by in a log; empty without one."""
        if self._scorer is None:
            return ""
        return self._scorer.digest.removeprefix("sha256:")[:12]

    def score(self, items: Sequence[Item]) -> list[ScoreOut | InputError]:
        """
        Score *items* in order, when it is this thread's turn.

        Raises:
            BundleError: If the bundle was refused.
        """
        scorer = self.scorer
        with self._slots:
            return scorer.score_batch(items)
