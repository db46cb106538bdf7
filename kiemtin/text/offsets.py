"""Edits of a text, and the way back from an edited text to the original."""

from array import array
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import NamedTuple


class Edit(NamedTuple):
    """Characters ``start`` to ``end`` of a text become ``replacement``."""

    start: int
    end: int
    replacement: str


@dataclass(frozen=True)
class OffsetMap:
    """
    Maps spans of an edited text to spans of the text before the edits.

    It keeps numbers, not edits: a text can have a million of them.

    Attributes:
        old_starts: Where each edited piece began before the edits, ascending.
        old_ends: Where it ended there.
        sizes: How many characters it has now.
    """

    old_starts: "array[int]"
    old_ends: "array[int]"
    sizes: "array[int]"

    def __len__(self) -> int:
        """Return how many pieces were edited."""
        return len(self.sizes)

    @cached_property
    def ends(self) -> "array[int]":
        """Where each edited piece ends in the edited text."""
        kept = zip(self.old_starts, [0, *self.old_ends], strict=False)
        grown = zip(kept, self.sizes, strict=True)
        return array("q", accumulate(a - b + size for (a, b), size in grown))

    @cached_property
    def starts(self) -> "array[int]":
        """Where each edited piece begins in the edited text, ascending."""
        pieces = zip(self.ends, self.sizes, strict=True)
        return array("q", (end - size for end, size in pieces))

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the original span; a piece that was edited is taken whole."""
        return self._back(start, first=True), self._back(end, first=False)

    def _back(self, position: int, *, first: bool) -> int:
        # The start of a span lies after the edits that end at it, its end
        # before those that begin at it: removed characters stay outside.
        i = bisect_right(self.starts, position) - 1
        if not first:
            while i >= 0 and self.starts[i] == position:
                i -= 1
        if i < 0:
            return position
        if position >= self.ends[i]:
            return self.old_ends[i] + position - self.ends[i]
        return self.old_starts[i] if first else self.old_ends[i]


def apply_edits(text: str, edits: Iterable[Edit]) -> tuple[str, OffsetMap | None]:
    """Return *text* with *edits* made and the way back, None if nothing changed."""
    starts, ends, sizes, pieces = array("q"), array("q"), array("q"), list[str]()
    at = 0
    for start, end, replacement in edits:
        if text[start:end] != replacement:
            pieces.append(text[at:start])
            pieces.append(replacement)
            starts.append(start)
            ends.append(end)
            sizes.append(len(replacement))
            at = end
    if not pieces:
        return text, None
    pieces.append(text[at:])
    return "".join(pieces), OffsetMap(starts, ends, sizes)
