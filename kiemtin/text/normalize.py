"""Make texts that look the same be the same, and remember where all of it stood."""

from collections.abc import Iterable
from dataclasses import dataclass

from kiemtin.text import residue
from kiemtin.text.offsets import Edit, OffsetMap, apply_edits
from kiemtin.text.steps import OF_CHARACTERS, OF_WORDS, STEPS, Step, is_ordinary

NORMALIZER_VERSION = 2
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
    A text made to go on for ever is cut down to its plain words.
    """
    run = _Run(text)
    for steps in [OF_CHARACTERS, OF_WORDS] * _MAX_PASSES:
        if steps is OF_CHARACTERS and is_ordinary(run.text):
            run.n_quiet += len(steps)
        else:
            run.take_steps(steps)
        if run.n_quiet >= len(STEPS):
            break
    else:
        run.take(residue.NAME, residue.find(run.text))
    return Normalized(run.text, tuple(run.maps), run.trace)


class _Run:
    """A text on its way through the steps, and how many in turn found nothing."""

    __slots__ = ("maps", "n_quiet", "text", "trace")

    def __init__(self, text: str) -> None:
        self.text = text
        self.maps: list[OffsetMap] = []
        self.trace: dict[str, int] = {}
        self.n_quiet = 0

    def take_steps(self, steps: dict[str, Step]) -> None:
        """Run *steps* in order, until all there are have found nothing."""
        for name, find in steps.items():
            edits = find(self.text)
            if edits and self.take(name, edits):
                self.n_quiet = 0
            else:
                self.n_quiet += 1
                if self.n_quiet == len(STEPS):
                    return

    def take(self, name: str, edits: Iterable[Edit]) -> bool:
        """Make *edits*, and return whether anything changed."""
        self.text, way = apply_edits(self.text, edits)
        if way is None:
            return False
        self.maps.append(way)
        self.trace[name] = self.trace.get(name, 0) + len(way)
        return True
