"""Emoji stay, they speak; one in five skin tones is the same emoji (👍🏽 becomes 👍)."""

from collections.abc import Iterator

import regex

from kiemtin.text.offsets import Edit

_TONED = regex.compile(r"(?<=\p{Emoji_Modifier_Base})\p{Emoji_Modifier}")


def find(text: str) -> Iterator[Edit]:
    """Yield a removal for the skin tone of each emoji; alone it is a colour."""
    if text.isascii():
        return
    for m in _TONED.finditer(text):
        yield Edit(m.start(), m.end(), "")
