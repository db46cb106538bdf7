"""Make texts that look the same be the same, and remember where all of it stood."""

from collections import Counter
from dataclasses import dataclass

from kiemtin.text.offsets import OffsetMap, apply_edits
from kiemtin.text.steps import STEPS

NORMALIZER_VERSION = 1
"""Bump on every change of output; a bundle only loads with its own version."""

_MAX_PASSES = 8


@dataclass(frozen=True, slots=True)
class Normalized:
    """
    A normalized text and the way back to the original.

    Attributes:
        text: What the models read; empty if nothing is left.
        maps: One offset map for each step that changed something, in order.
        trace: How many edits each step made, by its name.
    """

    text: str
    maps: tuple[OffsetMap, ...]
    trace: dict[str, int]

    def original_span(self, start: int, end: int) -> tuple[int, int]:
        """Return where characters *start* to *end* stand in the original text."""
        for step in reversed(self.maps):
            start, end = step.span(start, end)
        return start, max(start, end)


def normalize(text: str) -> Normalized:
    """
    Return *text*, any string at all, in the form that the models are trained on.

    The steps run again until none finds anything, so that normalizing twice
    changes nothing: a removed joiner may bring a letter and its tone together.
    """
    maps: list[OffsetMap] = []
    trace: Counter[str] = Counter()
    for _ in range(_MAX_PASSES):
        before = len(maps)
        for name, find in STEPS.items():
            text, step = apply_edits(text, find(text))
            if step:
                maps.append(step)
                trace[name] += len(step.edits)
        if len(maps) == before:
            break
    return Normalized(text, tuple(maps), dict(trace))
