"""
Which words moved a score: those whose deletion lowers it.

Every piece of the text is taken away in turn and the rest scored again (occlusion,
Zeiler and Fergus 2014), so a reason is a measurement and passes its own deletion test.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kiemtin.calibration import CalibratedHead
from kiemtin.labels import Label
from kiemtin.network import Network
from kiemtin.schemas import ReasonOut
from kiemtin.text import Encoded, Encoder, Normalized

MAX_PIECES = 48
"""A longer text is first taken away in pieces of several words, to bound the work."""
MIN_WEIGHT = 0.02
"""A smaller change of a probability explains nothing."""
MAX_REASONS = 8
"""For each label, the heaviest first."""

Piece = tuple[int, int]
"""A half-open range of tokens that begins and ends with a word."""


@dataclass(frozen=True, slots=True)
class Occluder:
    """Scores a text without some of its tokens."""

    encoded: Encoded
    logits: NDArray[np.float32]
    encoder: Encoder
    network: Network
    head: CalibratedHead

    def weights(self, pieces: list[Piece]) -> NDArray[np.float64]:
        """Return, for each piece and label, how far the score falls without it."""
        whole = self.head(self.logits)
        touched = [
            (i, k)
            for i, piece in enumerate(pieces)
            for k, window in enumerate(self.encoded.windows)
            if piece[0] < window[1] and piece[1] > window[0]
        ]
        changed = self.network.logits([self._without(pieces[i], k) for i, k in touched])
        out = np.zeros((len(pieces), len(Label)))
        for i in range(len(pieces)):
            logits = self.logits.copy()
            for row, (piece, k) in enumerate(touched):
                if piece == i:
                    logits[k] = changed[row]
            out[i] = whole - self.head(logits)
        return out

    def _without(self, piece: Piece, window: int) -> list[int]:
        start, end = self.encoded.windows[window]
        ids = self.encoded.ids
        kept = ids[start : max(start, piece[0])] + ids[min(end, piece[1]) : end]
        return self.encoder.window_ids(kept, (0, len(kept)))


def explain(  # noqa: PLR0913
    original: str,
    text: Normalized,
    encoded: Encoded,
    logits: NDArray[np.float32],
    *,
    encoder: Encoder,
    network: Network,
    head: CalibratedHead,
) -> list[ReasonOut]:
    """
    Return the pieces of *original* that moved a score, heaviest first in each label.

    Args:
        original: The text as it was written.
        text: The same, normalized.
        encoded: The same, encoded.
        logits: What the network said of it, of shape (windows, labels).
        encoder: Builds windows.
        network: Scores them.
        head: Turns logits into probabilities.
    """
    occluder = Occluder(encoded, logits, encoder, network, head)
    pieces = _words(text.text, encoded)
    if len(pieces) > MAX_PIECES:
        coarse = _merged(pieces, -(-len(pieces) // MAX_PIECES))
        moved = occluder.weights(coarse).max(axis=1) >= MIN_WEIGHT
        kept = [p for p, m in zip(coarse, moved, strict=True) if m]
        pieces = [w for w in pieces if any(a <= w[0] < b for a, b in kept)][: 4 * MAX_PIECES]
        fine = occluder.weights(pieces) if pieces else np.zeros((0, len(Label)))
        if not (fine >= MIN_WEIGHT).any():
            pieces = kept
    if not pieces:
        return []
    weights = occluder.weights(pieces)
    return [
        reason
        for index, label in enumerate(Label)
        for reason in _reasons(label, weights[:, index], pieces, original, text, encoded)
    ]


def _words(text: str, encoded: Encoded) -> list[Piece]:
    """Group the tokens of each word of *text*."""
    starts = [
        i
        for i, (start, end) in enumerate(encoded.spans)
        if start < end and (start == 0 or text[start] == " " or text[start - 1] == " ")
    ]
    starts = sorted({0, *starts})
    return list(zip(starts, [*starts[1:], len(encoded.ids)], strict=True))


def _merged(pieces: list[Piece], n: int) -> list[Piece]:
    return [
        (pieces[i][0], pieces[min(i + n, len(pieces)) - 1][1])
        for i in range(0, len(pieces), n)
    ]


def _reasons(  # noqa: PLR0913, PLR0917
    label: Label,
    weights: NDArray[np.float64],
    pieces: list[Piece],
    original: str,
    text: Normalized,
    encoded: Encoded,
) -> Iterator[ReasonOut]:
    heaviest = np.argsort(-weights, kind="stable")[:MAX_REASONS]
    for i in heaviest.tolist():
        if weights[i] < MIN_WEIGHT:
            return
        first, last = pieces[i]
        start, end = encoded.spans[first][0], encoded.spans[last - 1][1]
        while start < end and text.text[start] == " ":
            start += 1
        start, end = text.original_span(start, end)
        yield ReasonOut(
            label=label,
            start=start,
            end=end,
            text=original[start:end],
            weight=round(float(weights[i]), 4),
        )
