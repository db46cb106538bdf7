"""
Which words moved a score: those without which it falls.

The words of the window that speaks loudest for a label are taken away in turn, each
at all its places, and the rest is scored again (occlusion, Zeiler and Fergus 2014).
So a reason is a measurement, and passes its own deletion test. The wide part, which
knows no windows, reads that one alone as well: to read all of a long text once for each
word would take long, and a word that other windows repeat would not be missed.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kiemtin.calibration import CalibratedHead, Floats, mix
from kiemtin.labels import Label
from kiemtin.network import Network
from kiemtin.schemas import ReasonOut
from kiemtin.text import Encoded, Encoder, Normalized
from kiemtin.wide import WidePart

MAX_UNITS = 48
"""Of a window with more words, runs of words are tried first, to bound the work."""
MIN_WEIGHT = 0.02
"""A smaller change of a probability explains nothing."""
MAX_REASONS = 8
"""For each label, the heaviest first."""

Word = tuple[int, int]
"""A half-open range of tokens."""
Unit = list[Word]
"""Words that are taken away together."""


@dataclass(frozen=True, slots=True)
class Explainer:
    """What it takes to score a text again without some of its words."""

    encoder: Encoder
    network: Network
    head: CalibratedHead
    wide: WidePart | None = None

    def explain(
        self,
        original: str,
        text: Normalized,
        encoded: Encoded,
        logits: NDArray[np.float32],
    ) -> list[ReasonOut]:
        """
        Return the words of *original* that moved a score, by label, heaviest first.

        Args:
            original: The text as it was written.
            text: The same, normalized.
            encoded: The same, encoded.
            logits: What the network said of it, of shape (windows, labels).
        """
        labels_of: defaultdict[int, list[Label]] = defaultdict(list)
        loudest = self._mixed(text.text, encoded, logits).argmax(axis=0).tolist()
        for label, window in zip(Label, loudest, strict=True):
            labels_of[window].append(label)
        found = [
            reason
            for window, labels in labels_of.items()
            for reason in self._window(original, text, encoded, logits, window, labels)
        ]
        order = list(Label)
        return sorted(found, key=lambda r: (order.index(r.label), -r.weight, r.start))

    def score(self, logits: NDArray[np.float32], text: str) -> Floats:
        """Return the probabilities of a window by its *logits*, (1, labels), and *text*."""
        return self.head(logits, self.wide.logits(text) if self.wide else None)

    def _mixed(
        self, text: str, encoded: Encoded, logits: NDArray[np.float32]
    ) -> Floats | NDArray[np.float32]:
        """Return what network and wide part say of each window, (windows, labels)."""
        if not self.wide:
            return logits
        texts = [text_of(text, encoded, i, []) for i in range(len(logits))]
        wide = np.array([self.wide.logits(x) for x in texts])
        return mix(self.head.mixing, logits.astype(np.float64), wide)

    def _window(
        self,
        original: str,
        text: Normalized,
        encoded: Encoded,
        logits: NDArray[np.float32],
        window: int,
        labels: list[Label],
    ) -> Iterator[ReasonOut]:
        alone = text_of(text.text, encoded, window, [])
        whole = self.score(logits[window : window + 1], alone)
        occluder = Occluder(self, text.text, encoded, window, whole)
        columns = [list(Label).index(x) for x in labels]
        units, weights = occluder.search(words_in(text.text, encoded, window), columns)
        for label, column in zip(labels, columns, strict=True):
            heaviest = np.argsort(-weights[:, column], kind="stable")[:MAX_REASONS]
            for i in heaviest.tolist():
                if weights[i, column] >= MIN_WEIGHT:
                    weight = round(float(weights[i, column]), 4)
                    for word in units[i]:
                        yield _reason(label, weight, word, original, text, encoded)


@dataclass(frozen=True, slots=True)
class Occluder:
    """One window of a text, from which words can be taken away."""

    explainer: Explainer
    text: str
    encoded: Encoded
    window: int
    whole: NDArray[np.float64]

    def search(
        self, words: dict[str, Unit], columns: list[int]
    ) -> tuple[list[Unit], NDArray[np.float64]]:
        """Return the units that were tried and their weights, (units, labels)."""
        units = list(words.values())
        if len(units) > MAX_UNITS:
            runs = _runs(sorted(w for u in units for w in u), MAX_UNITS)
            most = self.weights(runs)[:, columns].max(axis=1)
            heavy = [runs[i] for i in np.argsort(-most)[:8] if most[i] >= MIN_WEIGHT]
            inside = {w for run in heavy for w in run}
            units = [u for u in units if not inside or inside & set(u)][: 2 * MAX_UNITS]
        return units, self.weights(units)

    def weights(self, units: list[Unit]) -> NDArray[np.float64]:
        """Return how far each probability falls without each unit, (units, labels)."""
        logits = self.explainer.network.logits([self._without(u) for u in units])
        texts = [text_of(self.text, self.encoded, self.window, u) for u in units]
        rest = [
            self.explainer.score(row[None], text)
            for row, text in zip(logits, texts, strict=True)
        ]
        return self.whole - np.array(rest)

    def _without(self, unit: Unit) -> list[int]:
        start, end = self.encoded.windows[self.window]
        gone = {i for a, b in unit for i in range(a, b)}
        kept = [self.encoded.ids[i] for i in range(start, end) if i not in gone]
        return self.explainer.encoder.window_ids(kept, (0, len(kept)))


def text_of(text: str, encoded: Encoded, window: int, without: Unit) -> str:
    """Return the text of one window, from which the words *without* are left out."""
    start, end = encoded.windows[window]
    kept, at = [], encoded.spans[start][0] if start else 0
    for a, b in sorted(without):
        kept.append(text[at : encoded.spans[a][0]])
        at = encoded.spans[b - 1][1]
    last = encoded.spans[end - 1][1] if end < len(encoded.ids) else len(text)
    return "".join([*kept, text[at:last]])


def words_in(text: str, encoded: Encoded, window: int) -> dict[str, Unit]:
    """Return the words of one window, lower-cased, each with all its places."""
    start, end = encoded.windows[window]
    begins = [start, *(i for i in range(start + 1, end) if _begins(text, encoded, i))]
    words: defaultdict[str, Unit] = defaultdict(list)
    for a, b in zip(begins, [*begins[1:], end], strict=True):
        spelled = text[encoded.spans[a][0] : encoded.spans[b - 1][1]]
        words[spelled.strip(" .,;:!?").lower()].append((a, b))
    return dict(words)


def _begins(text: str, encoded: Encoded, i: int) -> bool:
    """Return whether a word begins with token *i*; a space belongs to what follows."""
    at, before = encoded.spans[i][0], encoded.spans[i - 1]
    if text[at] == " ":
        return True
    return (
        before[1] <= at and text[at - 1] == " " and not text[slice(*before)].isspace()
    )


def _runs(words: list[Word], n: int) -> list[Unit]:
    size = -(-len(words) // n)
    return [words[i : i + size] for i in range(0, len(words), size)]


def _reason(
    label: Label,
    weight: float,
    word: Word,
    original: str,
    text: Normalized,
    encoded: Encoded,
) -> ReasonOut:
    start, end = encoded.spans[word[0]][0], encoded.spans[word[1] - 1][1]
    while start < end and text.text[start] == " ":
        start += 1
    start, end = text.original_span(start, end)
    return ReasonOut(
        label=label, start=start, end=end, text=original[start:end], weight=weight
    )
