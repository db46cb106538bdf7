"""Turn normalized texts into windows of token ids."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Self

from tokenizers import Tokenizer

from kiemtin.errors import BundleCorruptError
from kiemtin.text.normalize import Normalized

BEGIN, PAD, END, UNKNOWN, MASK = "<s>", "<pad>", "</s>", "<unk>", "<mask>"
"""The special tokens, in the order of their ids, as RoBERTa and PhoBERT have them."""


@dataclass(frozen=True, slots=True)
class WindowSpec:
    """
    How a long text is cut.

    Attributes:
        tokens: The longest window, with its begin and end token.
        overlap: How many tokens a window shares with the one before it.
        most: How many windows are read; of a longer text its first and last ones.
    """

    tokens: int
    overlap: int
    most: int


@dataclass(frozen=True, slots=True)
class Encoded:
    """
    A text as the model reads it.

    Attributes:
        ids: The tokens of the whole text, without begin and end.
        spans: Where each stands in the normalized text.
        windows: Half-open ranges of tokens, one for each window, ascending.
        n_windows_left_out: How many more there would have been.
    """

    ids: list[int]
    spans: list[tuple[int, int]]
    windows: list[tuple[int, int]]
    n_windows_left_out: int


class Encoder:
    """A tokenizer that knows its windows."""

    def __init__(self, tokenizer: Tokenizer, spec: WindowSpec) -> None:
        # A post that says "</s>" has not ended, and must not be cut or padded here.
        tokenizer.encode_special_tokens = True
        tokenizer.no_truncation()
        tokenizer.no_padding()
        self._tokenizer = tokenizer
        self.spec = spec
        self.begin_id, self.pad_id, self.end_id = (
            _special_id(tokenizer, t) for t in (BEGIN, PAD, END)
        )

    @classmethod
    def from_file(cls, path: Path, spec: WindowSpec) -> Self:
        """
        Load the ``tokenizer.json`` that was exported with the model.

        Raises:
            BundleCorruptError: If it is not a tokenizer, or lacks a special token.
        """
        try:
            tokenizer = Tokenizer.from_file(str(path))
        except Exception as e:
            msg = f"{path} is not a tokenizer"
            raise BundleCorruptError(msg) from e
        return cls(tokenizer, spec)

    def encode(self, text: Normalized) -> Encoded:
        """Encode one text."""
        return self.encode_batch([text])[0]

    def encode_batch(self, texts: list[Normalized]) -> list[Encoded]:
        """Encode *texts* on all cores; the tokenizer lets go of the interpreter."""
        encodings = self._tokenizer.encode_batch(
            [t.text for t in texts], add_special_tokens=False
        )
        return [self._windowed(e.ids, e.offsets) for e in encodings]

    def window_ids(self, ids: list[int], window: tuple[int, int]) -> list[int]:
        """Return the ids of one *window*, with its begin and end token."""
        return [self.begin_id, *ids[slice(*window)], self.end_id]

    def _windowed(self, ids: list[int], spans: list[tuple[int, int]]) -> Encoded:
        windows = self._cut(len(ids))
        left_out = len(windows) - self.spec.most
        if left_out > 0:
            head = (self.spec.most + 1) // 2
            windows = windows[:head] + windows[len(windows) - self.spec.most + head :]
        return Encoded(ids, spans, windows, max(left_out, 0))

    def _cut(self, n: int) -> list[tuple[int, int]]:
        """Return windows over *n* tokens; the last is as full as the others."""
        size = self._size
        if n <= size:
            return [(0, n)]
        starts = [*range(0, n - size, size - self.spec.overlap), n - size]
        return [(s, s + size) for s in starts]

    @cached_property
    def _size(self) -> int:
        return self.spec.tokens - 2


def _special_id(tokenizer: Tokenizer, token: str) -> int:
    found = tokenizer.token_to_id(token)
    if found is None:
        msg = f"the tokenizer has no {token}"
        raise BundleCorruptError(msg)
    return found
