"""The steps of normalization, in order. One step, one file, one test."""

import re
from collections.abc import Callable, Iterable

from kiemtin.text.lexicons.look_alikes import VIETNAMESE
from kiemtin.text.offsets import Edit
from kiemtin.text.steps import (
    composition,
    controls,
    digits,
    emoji,
    entities,
    invisible,
    look_alikes,
    marks,
    placeholders,
    spaces,
    split_letters,
    stretches,
    styles,
    teencode,
    tones,
)

Step = Callable[[str], Iterable[Edit]]
"""Finds what to edit in a text: ascending edits that do not overlap."""

OF_CHARACTERS: dict[str, Step] = {
    "controls": controls.find,
    "entities": entities.find,
    "invisible": invisible.find,
    "styles": styles.find,
    "composition": composition.find,
    "marks": marks.find,
    "emoji": emoji.find,
    "look_alikes": look_alikes.find,
}
"""These find nothing in a text that ``is_ordinary``."""

# First what is masked, then words. Gaps are joined before the step that makes all
# gaps alike; what comes after it seldom makes work for another pass.
OF_WORDS: dict[str, Step] = {
    "placeholders": placeholders.find,
    "split_letters": split_letters.find,
    "spaces": spaces.find,
    "digits": digits.find,
    "stretches": stretches.find,
    "tones": tones.find,
    "teencode": teencode.find,
}
STEPS = OF_CHARACTERS | OF_WORDS

# White space, ASCII without &, Vietnamese letters, the signs of print, plain emoji.
_UNUSUAL = re.compile(
    f"[^\t-\r -%'-~\u00a0{''.join(sorted(VIETNAMESE))}\u00ab\u00b0\u00b2\u00b3\u00bb"
    "\u2010-\u2015\u2018-\u201e\u2022\u2026\u20ab\u20ac\u2600-\u27bf"
    "\U0001f300-\U0001f3fa\U0001f400-\U0001f64f\U0001f680-\U0001f6ff\U0001f900-\U0001f9ff]"
)


def is_ordinary(text: str) -> bool:
    """Return whether *text* is of such characters only that all steps leave alone."""
    return _UNUSUAL.search(text) is None
