"""Examples: rows as the network reads them, by the same way as in serving."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kiemtin.labels import Label
from kiemtin.text import Encoded, Encoder, normalize
from kiemtin.text.segment import RawSyllables, Segmenter, load_segmenter, segment
from training.corpora.row import Row
from training.recipes.tuning import AssumedNegative

_LABELS = tuple(Label)

OfLabels = tuple[float, ...]
"""A number for each label, in order."""


@dataclass(frozen=True, slots=True)
class Example:
    """
    A row as the network reads it.

    Attributes:
        windows: Token ids of each window.
        targets: 0 or 1 for each label.
        weights: How much each counts; 0 where the row has no such label.
        corpus: The number of its corpus.
        soft: A teacher's probabilities, if it was asked.
    """

    windows: tuple[tuple[int, ...], ...]
    targets: OfLabels
    weights: OfLabels
    corpus: int
    soft: OfLabels | None = None

    @property
    def width(self) -> int:
        """The longest window, in tokens."""
        return max(map(len, self.windows))


class ExampleMaker:
    """Turns rows into examples, by the same way into the model as in serving."""

    def __init__(
        self,
        encoder: Encoder,
        *,
        corpora: Sequence[str],
        most_windows: int,
        assumed: Sequence[AssumedNegative] = (),
        segmenter: Segmenter | None = None,
        factors: Mapping[str, OfLabels] | None = None,
        soft: Mapping[str, OfLabels] | None = None,
    ) -> None:
        """
        Keep what decides an example.

        Args:
            encoder: The tokenizer and its windows.
            corpora: Those of the recipe, in order.
            most_windows: Of a longer text so many are read, evenly spread.
            assumed: Which labels are taken as absent where nobody said so.
            segmenter: What joins syllables.
            factors: By the key of a row, what the weights of its labels are multiplied by.
            soft: By the key of a row, what a teacher says of it.
        """
        self._encoder = encoder
        self._segmenter = segmenter or RawSyllables()
        self._corpora = {name: i for i, name in enumerate(corpora)}
        self._most = most_windows
        self._assumed = {(a.label, c): a.weight for a in assumed for c in a.corpora}
        self._factors = factors or {}
        self._soft = soft or {}

    def __getstate__(self) -> dict[str, Any]:
        """Return what another process needs; it loads the segmenter for itself."""
        segmenter = (self._segmenter.name, self._segmenter.version)
        return {**self.__dict__, "_segmenter": segmenter}

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Take what another process gave."""
        self.__dict__.update(state, _segmenter=load_segmenter(*state["_segmenter"]))

    def __call__(self, row: Row, text: str) -> Example | None:
        """Return the example of *row* with its text as *text*, None if that is empty."""
        made = self.make_all([(row, text)])
        return made[0] if made else None

    def make_all(self, pairs: Sequence[tuple[Row, str]]) -> list[Example]:
        """Return the examples of rows and their texts, without those that are empty."""
        normalized = [(row, normalize(text)) for row, text in pairs]
        rows = [row for row, found in normalized if found.text]
        texts = [segment(f, self._segmenter) for _, f in normalized if f.text]
        encoded = self._encoder.encode_batch(texts)
        return [self._example(r, e) for r, e in zip(rows, encoded, strict=True)]

    def _example(self, row: Row, encoded: Encoded) -> Example:
        windows = tuple(
            tuple(self._encoder.window_ids(encoded.ids, w)) for w in encoded.windows
        )
        factors = self._factors.get(row.key, (1.0,) * len(_LABELS))
        weights = tuple(
            f * (1.0 if x in row.labels else self._assumed.get((x, row.corpus), 0.0))
            for x, f in zip(_LABELS, factors, strict=True)
        )
        return Example(
            windows=_spread(windows, self._most),
            targets=tuple(float(row.labels.get(x, False)) for x in _LABELS),
            weights=weights,
            corpus=self._corpora.get(row.corpus, 0),
            soft=self._soft.get(row.key),
        )


def _spread(
    windows: tuple[tuple[int, ...], ...], most: int
) -> tuple[tuple[int, ...], ...]:
    """Return at most so many windows, evenly from the first to the last."""
    if len(windows) <= most:
        return windows
    step = (len(windows) - 1) / max(1, most - 1)
    return tuple(windows[round(i * step)] for i in range(most))
