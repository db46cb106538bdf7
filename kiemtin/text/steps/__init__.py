"""The steps of normalization, in order. One step, one file, one test."""

from collections.abc import Callable, Iterable

from kiemtin.text.offsets import Edit
from kiemtin.text.steps import (
    composition,
    controls,
    invisible,
    placeholders,
    spaces,
    stretches,
    styles,
    tones,
)

Step = Callable[[str], Iterable[Edit]]
"""Finds what to edit in a text: ascending edits that do not overlap."""

STEPS: dict[str, Step] = {
    "controls": controls.find,
    "invisible": invisible.find,
    "styles": styles.find,
    "composition": composition.find,
    "placeholders": placeholders.find,
    "stretches": stretches.find,
    "tones": tones.find,
    "spaces": spaces.find,
}
