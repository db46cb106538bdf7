"""A larger bundle as a teacher: what it says of the rows, asked once."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import structlog
from numpy.typing import NDArray

from kiemtin.bundle import bundle_digest
from kiemtin.errors import InputError
from kiemtin.labels import Label
from kiemtin.schemas import Item
from kiemtin.scoring import Scorer
from training.corpora.row import Row
from training.finetuning.examples import OfLabels

log = structlog.get_logger()

_CHUNK = 500
"""Rows whose answers are kept together: what a stop can cost."""
_AT_ONCE = 32


class Teacher:
    """A bundle that is asked about rows, its answers kept in a folder."""

    def __init__(self, bundle: Path, kept: Path, *, threads: int) -> None:
        """
        Load the bundle.

        Args:
            bundle: Its folder.
            kept: Where the answers are, from now or from before.
            threads: That score.

        Raises:
            BundleError: If it is not whole, or made for other code.
        """
        self._scorer = Scorer.load(bundle, threads=threads)
        self._kept = kept
        self.digest = bundle_digest(bundle)

    def ask(self, rows: Sequence[Row]) -> dict[str, OfLabels]:
        """Return its probabilities by the key of the row; none of texts it refuses."""
        self._kept.mkdir(parents=True, exist_ok=True)
        out: dict[str, OfLabels] = {}
        for at in range(0, len(rows), _CHUNK):
            chunk = rows[at : at + _CHUNK]
            answers = self._answers(chunk)
            for row, answer in zip(chunk, answers.tolist(), strict=True):
                if not np.isnan(answer).all():
                    out[row.key] = tuple(answer)
        log.info("taught", rows=len(out), of=len(rows))
        return out

    def _answers(self, rows: Sequence[Row]) -> NDArray[np.float32]:
        """Return them from the folder, or ask and keep them there."""
        asked = "\0".join([self.digest, *(f"{r.key}\0{r.text}" for r in rows)])
        name = hashlib.sha256(asked.encode(errors="surrogatepass")).hexdigest()[:32]
        path = self._kept / f"{name}.npy"
        if path.exists():
            found: NDArray[np.float32] = np.load(path)
            return found
        answers = np.array(
            [
                a
                for at in range(0, len(rows), _AT_ONCE)
                for a in self._scores(rows[at : at + _AT_ONCE])
            ],
            dtype=np.float32,
        )
        aside = path.with_suffix(".tmp")
        with aside.open("wb") as f:
            np.save(f, answers)
        aside.replace(path)
        return answers

    def _scores(self, rows: Sequence[Row]) -> list[list[float]]:
        items = [Item(r.key, r.text) for r in rows]
        return [
            [float("nan")] * len(Label)
            if isinstance(found, InputError)
            else [found.scores[x] for x in Label]
            for found in self._scorer.score_batch(items)
        ]
