"""What a bundle would say if its graph were another."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from kiemtin.bundle import bundle_digest, read_manifest
from kiemtin.labels import Label
from kiemtin.manifest import TOKENIZER_FILE
from kiemtin.network import Network
from kiemtin.policy import Policy
from kiemtin.schemas import Item
from kiemtin.scoring import Scorer
from kiemtin.text import Encoder, WindowSpec
from kiemtin.text.segment import load_segmenter
from kiemtin.wide import read_wide
from training.corpora.row import Row
from training.evaluation.scored import Scored, score_rows
from training.finetuning.model import MultiHeadClassifier


class TorchNetwork(Network):
    """The network that was trained, in the place of the graph that was exported."""

    def __init__(self, model: MultiHeadClassifier) -> None:
        self._model = model.eval()

    def logits(self, windows: Sequence[Sequence[int]]) -> NDArray[np.float32]:
        """Return logits of shape (windows, labels), each window read alone."""
        out = [self._of(w) for w in windows]
        return np.array(out, dtype=np.float32).reshape(len(windows), len(Label))

    def _of(self, window: Sequence[int]) -> list[float]:
        ids = torch.tensor([list(window)])
        with torch.inference_mode():
            found: list[float] = self._model(ids, torch.ones_like(ids))[0].tolist()
        return found


class DraftJudge:
    """Scores with any graph, by the tokenizer and the thresholds of a draft."""

    def __init__(
        self,
        folder: Path,
        model: MultiHeadClassifier,
        rows: Sequence[Row],
        golden_texts: Sequence[str],
        *,
        threads: int = 1,
    ) -> None:
        """
        Read the draft.

        Args:
            folder: A bundle that holds, but for its goldens and papers.
            model: The network that it was made of.
            rows: Labelled, of the dev split.
            golden_texts: On which the graph and the network are compared.
            threads: Of one run of a graph.

        Raises:
            BundleError: If the draft is not whole.
        """
        self._manifest = read_manifest(folder)
        self._digest = bundle_digest(folder)
        needed, window = self._manifest.segmenter, self._manifest.window
        self._segmenter = load_segmenter(needed.name, needed.version)
        self._encoder = Encoder.from_file(
            folder / TOKENIZER_FILE,
            WindowSpec(window.tokens, window.overlap, window.most),
        )
        self._wide = read_wide(folder, self._manifest)
        self._rows = rows
        self._goldens = golden_texts
        self._threads = threads
        self._promised = self._golden_scores(self._scorer(TorchNetwork(model)))

    def score(self, graph: Path) -> Scored:
        """Return the rows scored with *graph*."""
        return score_rows(self._scorer(self._open(graph)), self._rows)

    def golden_change(self, graph: Path) -> float:
        """Return how far *graph* puts a golden's probability from the network's."""
        found = self._golden_scores(self._scorer(self._open(graph)))
        return float(np.abs(found - self._promised).max(initial=0.0))

    def flag_anew(self, scored: Scored) -> Scored:
        """Return *scored* with what the draft's thresholds flag."""
        flag = Policy.of(self._manifest).flag
        flags = [
            list(flag(dict(zip(Label, row, strict=True)), {}).values())
            for row in scored.scores.tolist()
        ]
        shaped = np.array(flags, dtype=bool).reshape(scored.scores.shape)
        return Scored(scored.rows, scored.scores, shaped)

    def _open(self, graph: Path) -> Network:
        return Network.load(
            graph,
            pad_id=self._encoder.pad_id,
            rows_independent=True,
            threads=self._threads,
        )

    def _scorer(self, network: Network) -> Scorer:
        return Scorer(
            self._manifest,
            self._digest,
            self._segmenter,
            self._encoder,
            network,
            self._wide,
        )

    def _golden_scores(self, scorer: Scorer) -> NDArray[np.float64]:
        items = [Item(str(i), text) for i, text in enumerate(self._goldens)]
        found = [scorer.score(item).scores for item in items]
        return np.array([[scores[x] for x in Label] for scores in found])
