"""Batches of windows: drawn by temperature, grouped by length, augmented by epoch."""

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from kiemtin.labels import Label
from kiemtin.text import Encoder, normalize
from kiemtin.text.segment import RawSyllables, Segmenter, segment
from training.augment import augment
from training.corpora.row import Row
from training.recipe import AssumedNegative, AugmentSection

_LABELS = tuple(Label)
_WIDTH_STEP = 32
_POOL_BATCHES = 50


@dataclass(frozen=True, slots=True)
class Example:
    """A row as the network reads it: windows of token ids, targets and weights."""

    windows: tuple[tuple[int, ...], ...]
    targets: tuple[float, ...]
    weights: tuple[float, ...]
    corpus: int

    @property
    def width(self) -> int:
        """The longest window, in tokens."""
        return max(map(len, self.windows))


@dataclass(frozen=True, slots=True)
class Batch:
    """
    Tensors of one step.

    Attributes:
        input_ids: Of shape (windows, tokens).
        attention_mask: The same shape.
        row_of: The row of each window, of shape (windows,).
        targets: 0 or 1, of shape (rows, labels).
        weights: 0 where a row has no such label, of the same shape.
        corpus: Of shape (rows,).
    """

    input_ids: Tensor
    attention_mask: Tensor
    row_of: Tensor
    targets: Tensor
    weights: Tensor
    corpus: Tensor


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
    ) -> None:
        self._encoder = encoder
        self._segmenter = segmenter or RawSyllables()
        self._corpora = {name: i for i, name in enumerate(corpora)}
        self._most = most_windows
        self._assumed = {(a.label, c): a.weight for a in assumed for c in a.corpora}

    def __call__(self, row: Row, text: str) -> Example | None:
        """Return the example of *row* with its text as *text*, None if that is empty."""
        normalized = normalize(text)
        if not normalized.text:
            return None
        encoded = self._encoder.encode(segment(normalized, self._segmenter))
        windows = tuple(
            tuple(self._encoder.window_ids(encoded.ids, w)) for w in encoded.windows
        )
        weights = tuple(
            1.0 if x in row.labels else self._assumed.get((x, row.corpus), 0.0)
            for x in _LABELS
        )
        return Example(
            windows=_spread(windows, self._most),
            targets=tuple(float(row.labels.get(x, False)) for x in _LABELS),
            weights=weights,
            corpus=self._corpora.get(row.corpus, 0),
        )


def _spread(
    windows: tuple[tuple[int, ...], ...], most: int
) -> tuple[tuple[int, ...], ...]:
    """Return at most so many windows, evenly from the first to the last."""
    if len(windows) <= most:
        return windows
    step = (len(windows) - 1) / max(1, most - 1)
    return tuple(windows[round(i * step)] for i in range(most))


def epoch_examples(
    rows: Sequence[Row],
    make: ExampleMaker,
    section: AugmentSection,
    *,
    temperature: float,
    seed: int,
    epoch: int,
) -> list[Example]:
    """
    Return the examples of one epoch: corpora by temperature, texts augmented.

    With temperature T a corpus of n rows is drawn in proportion to n^(1/T); the
    whole stays as large, and no corpus is drawn more than three times over.
    """
    rng = random.Random(f"{seed}-{epoch}")
    counts = Counter(r.corpus for r in rows)
    scaled = {c: n ** (1 / temperature) for c, n in counts.items()}
    total = sum(scaled.values())
    share = {c: min(3.0, len(rows) * scaled[c] / total / n) for c, n in counts.items()}
    examples = []
    for row in rows:
        times = int(share[row.corpus]) + (rng.random() < share[row.corpus] % 1)
        for _ in range(times):
            example = make(row, augment(row.text, section, rng))
            if example:
                examples.append(example)
    rng.shuffle(examples)
    return examples


def batches(
    examples: Sequence[Example], *, batch_tokens: int, pad_id: int, seed: int
) -> Iterator[Batch]:
    """Yield batches of at most *batch_tokens* padded tokens, in random order."""
    rng = random.Random(seed)
    groups: list[list[Example]] = []
    pool = _POOL_BATCHES * max(1, batch_tokens // 64)
    for at in range(0, len(examples), pool):
        groups += _grouped(examples[at : at + pool], batch_tokens)
    rng.shuffle(groups)
    return (collate(group, pad_id=pad_id) for group in groups)


def _grouped(examples: Sequence[Example], batch_tokens: int) -> list[list[Example]]:
    groups: list[list[Example]] = []
    size, width = 0, 0
    for example in sorted(examples, key=lambda e: e.width):
        wider = max(width, _padded(example.width))
        if groups and (size + len(example.windows)) * wider <= batch_tokens:
            groups[-1].append(example)
            size, width = size + len(example.windows), wider
        else:
            groups.append([example])
            size, width = len(example.windows), _padded(example.width)
    return groups


def _padded(width: int) -> int:
    return -(-width // _WIDTH_STEP) * _WIDTH_STEP


def collate(examples: Sequence[Example], *, pad_id: int) -> Batch:
    """Return *examples* as one batch, padded to its longest window."""
    windows = [w for e in examples for w in e.windows]
    width = max(map(len, windows))
    ids = torch.tensor([[*w, *[pad_id] * (width - len(w))] for w in windows])
    lengths = torch.tensor([len(w) for w in windows])
    mask = (torch.arange(width) < lengths.unsqueeze(1)).long()
    row_of = [i for i, e in enumerate(examples) for _ in e.windows]
    return Batch(
        input_ids=ids,
        attention_mask=mask,
        row_of=torch.tensor(row_of),
        targets=torch.tensor([e.targets for e in examples]),
        weights=torch.tensor([e.weights for e in examples]),
        corpus=torch.tensor([e.corpus for e in examples]),
    )
