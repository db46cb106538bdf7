"""Letters and their tone marks become one character (Unicode NFC, UAX 15)."""

import unicodedata
from collections.abc import Iterator

import regex

from kiemtin.text.offsets import Edit

# A letter with all that may compose with it: marks, and vowels and finals of Hangul.
_CLUSTER = regex.compile(r".[\p{M}\u1160-\u11ff]*", regex.DOTALL)


def find(text: str) -> Iterator[Edit]:
    """Yield a replacement for each cluster that is not in NFC."""
    if unicodedata.is_normalized("NFC", text):
        return
    for m in _CLUSTER.finditer(text):
        composed = unicodedata.normalize("NFC", m[0])
        if composed != m[0]:
            yield Edit(m.start(), m.end(), composed)
