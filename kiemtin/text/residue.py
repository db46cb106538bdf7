"""What is left of a text that never comes to rest: its plain words."""

import re
from collections.abc import Iterator

from kiemtin.text.lexicons import TEENCODE
from kiemtin.text.lexicons.look_alikes import VIETNAMESE
from kiemtin.text.offsets import Edit
from kiemtin.text.spelling import is_spelled
from kiemtin.text.steps import tones

NAME = "residue"
"""What the trace calls it; it is no step, as it would cut any text."""

# Letters that no step takes for others: the Kelvin sign is none of them.
_LETTERS = f"[A-Za-z{''.join(sorted(VIETNAMESE))}]"
_WORD = re.compile(rf"(?<!\w){_LETTERS}{{2,20}}(?!\w)")
_DOUBLED = re.compile(r"([a-z])\1")


def find(text: str) -> Iterator[Edit]:
    """Yield the removal of all but words in which no step finds anything."""
    at = 0
    for m in _WORD.finditer(text):
        if _is_plain(m[0]):
            yield Edit(at, m.start(), " " if at else "")
            at = m.end()
    yield Edit(at, len(text), "")


def _is_plain(word: str) -> bool:
    low = word.lower()
    return (
        low not in TEENCODE
        and not _DOUBLED.search(low)
        and (low.isascii() or (is_spelled(low) and not any(tones.find(word))))
    )
