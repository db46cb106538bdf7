"""Edits of a text, and the way back from an edited text to the original."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Self


class Edit(NamedTuple):
    """Characters ``start`` to ``end`` of a text become ``replacement``."""

    start: int
    end: int
    replacement: str


@dataclass(frozen=True, slots=True)
class OffsetMap:
    """
    Maps spans of an edited text to spans of the text before the edits.

    Attributes:
        starts: Where each edited piece begins in the edited text, ascending.
        ends: Where it ends there.
        edits: The edits, in the same order.
    """

    starts: tuple[int, ...]
    ends: tuple[int, ...]
    edits: tuple[Edit, ...]

    @classmethod
    def of(cls, edits: Sequence[Edit]) -> Self:
        """Return the map of ascending edits that do not overlap."""
        starts, ends, shift = [], [], 0
        for start, end, replacement in edits:
            starts.append(start + shift)
            ends.append(start + shift + len(replacement))
            shift += len(replacement) - (end - start)
        return cls(tuple(starts), tuple(ends), tuple(edits))

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
        edit = self.edits[i]
        if position >= self.ends[i]:
            return edit.end + position - self.ends[i]
        return edit.start if first else edit.end


def apply_edits(text: str, edits: Iterable[Edit]) -> tuple[str, OffsetMap | None]:
    """Return *text* with *edits* made and the way back, None if nothing changed."""
    made = [e for e in edits if text[e.start : e.end] != e.replacement]
    if not made:
        return text, None
    pieces: list[str] = []
    at = 0
    for start, end, replacement in made:
        pieces += text[at:start], replacement
        at = end
    pieces.append(text[at:])
    return "".join(pieces), OffsetMap.of(made)
