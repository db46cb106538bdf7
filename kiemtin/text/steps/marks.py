"""Marks that are part of no letter, piled up to hide words (n̸g̷u̶): removed."""

import re
from collections.abc import Iterator

from kiemtin.text.offsets import Edit

MARKS = "\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
"""The ranges of marks that any letter may carry."""
_MARKS = re.compile(f"[{MARKS}]+")
_FEW = 2
"""Letters of other scripts keep so many: за́мок has one."""


def find(text: str) -> Iterator[Edit]:
    """Yield a removal for each run of marks; *text* is composed."""
    if text.isascii():
        return
    for m in _MARKS.finditer(text):
        letter = text[m.start() - 1 : m.start()]
        if len(m[0]) > _FEW or not letter.isalpha() or _is_latin(letter):
            yield Edit(m.start(), m.end(), "")


def _is_latin(letter: str) -> bool:
    return letter < "\u0250" or "\u1e00" <= letter <= "\u1eff"
