"""Characters that nobody sees, put inside words to hide them from filters: removed."""

import re
from collections.abc import Iterator

import regex

from kiemtin.text.offsets import Edit

_BLANK = "\u2800\u3164\uffa0"
"""Braille and Hangul blanks: they look like a space, and part words as one does."""

# Default_Ignorable_Code_Point (UAX 44): soft hyphen, zero-width joiners and spaces,
# bidirectional controls, Hangul fillers, variation selectors, tags. U+180E and
# the annotation signs are not in the property of every version.
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\u2800"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]+"
)
# What makes one emoji of several: 👨‍👩‍👧 is joined, 🏴󠁧󠁢󠁥󠁮󠁧󠁿 is tagged.
_JOINED = regex.compile(
    r"(?<=[\p{Extended_Pictographic}\p{Emoji_Modifier}])"
    r"([\ufe0e\ufe0f]*)\u200d(?=\p{Extended_Pictographic})"
    r"|(?<=\U0001f3f4)()[\U000e0030-\U000e0039\U000e0061-\U000e007a]{2,6}\U000e007f"
)


def find(text: str) -> Iterator[Edit]:
    """Yield a removal for each run of what is unseen, a space for what is blank."""
    if text.isascii():
        return
    for m in _INVISIBLE.finditer(text):
        start, end = m.span()
        joined = _JOINED.match(text, start)
        if joined and joined.end() == end:
            end = joined.end(1)
        if start < end:
            yield Edit(start, end, " " if any(c in _BLANK for c in m[0]) else "")
